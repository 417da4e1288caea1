"""Where a preview is served, and what its bar leads to."""

from dataclasses import replace

from app.core.installation import installation
from app.engine.serving import Place
from app.previews.models import Preview
from app.projects.models import Audience, Project
from app.projects.queries import plan_wishes_of, secrets_of, variables_of


def place_of(preview: Preview) -> Place:
    """Return where a preview is served, and what its bar leads to."""
    request = preview.request
    page = f"{installation().url}{request.path}"
    return Place(
        label=preview.label,
        name=preview.name,
        purpose="preview",
        subject_id=str(preview.id),
        project_id=preview.project_id,
        organization_id=request.organization_id,
        status_url=f"{page}/preview",
        bar={
            "title": f"#{request.number} {request.title}",
            "commit": preview.commit_sha,
            "requestUrl": page,
            "acceptUrl": f"{page}/accept?commit={preview.commit_sha}",
            "changeUrl": f"{page}/change?commit={preview.commit_sha}",
            "askUrl": f"{page}/ask?commit={preview.commit_sha}",
        },
    )


def round_place_of(preview: Preview) -> Place:
    """Return where one round alone is served, whatever comes after it."""
    return replace(place_of(preview), label=preview.own_label)


def bar_of_older(preview: Preview) -> dict[str, str]:
    """Return what the bar of a round says that another one followed: no word of accepting it."""
    request = preview.request
    title = f"Round {preview.round} of #{request.number}, an older one"
    return {"title": title, "requestUrl": f"{installation().url}{request.path}"}


def as_set_up(place: Place, project: Project) -> Place:
    """Return a place with what the project's settings say of its previews."""
    secrets = secrets_of(project, Audience.PREVIEW)
    values = variables_of(project, Audience.PREVIEW)
    plain = {name: value for name, value in values.items() if name not in secrets}
    return replace(place, env=plain, secrets=secrets, root=project.subfolder, wishes=plan_wishes_of(project))
