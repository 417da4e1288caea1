"""Short ways to an app with builds, for the tests of apps."""

from app.apps import operations, queries
from app.apps.models import App, Build
from app.projects.operations import note_moves, signature_of
from app.projects.queries import repository_of

PROCESS = {
    "greenroom.toml": b'[run]\ncommand = "python3 serve.py"\n[build]\ncommand = "echo built > made.txt"\n',
    "serve.py": b"print('up')",
}


def push(project, files, by, branch="main"):
    repository = repository_of(project)
    old = repository.head(branch)
    new = repository.commit_files(branch, files, message="A push", author=signature_of(by), parent=old)
    note_moves(project, [(f"refs/heads/{branch}", old, new)], by=by)
    return new


def held_app(people, bell, name="Website") -> App:
    """Make an app that is live, and to which nothing goes live by itself from here on."""
    from app.projects.operations import go_live_by_itself

    project = people.project(name)
    bell.work()
    go_live_by_itself(project, by=people.ada, auto_deploy=False)
    return queries.first_app(project)


def built(app: App, bell, *, by, **files: bytes) -> Build:
    """Push files to an app's default version and build it."""
    if files:
        push(app.project, {name.replace("_", "."): text for name, text in files.items()}, by)
    build = operations.start_build(queries.default_version(app), by=by)
    bell.work()
    return build
