"""A running Greenroom that is hurt: projects that build at a word, requests on their road, and the truth."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import redis

from app.engine.repositories import Repository, Signature
from tests.support.installation import Answer, Installation, carriers_of, wait_until

PROMISE = 60  # seconds, after which every state is true again
PACE = {
    "GREENROOM_SWEEP_SECONDS": "1",
    "GREENROOM_RECONCILE_SECONDS": "1",
    "GREENROOM_LEASE_SECONDS": "2",
}
CRITERIA = """Feature: Show opening hours

  Scenario: The hours stand on the start page
    Given the start page is open
    Then the opening hours can be read
"""
PLAIN = {"index.html": "<!doctype html><h1>Bakery</h1>"}

# Builds until it is let through: a word in its project's cache, where it outlives the attempt. What is written
# MARK becomes the house's own mark, by which its processes are known.
GATED = PLAIN | {
    "greenroom.toml": '[build]\ncommand = "sh build.sh MARK"\noutput = "public"\n',
    "build.sh": (
        "echo waiting\n"
        "until [ -e /cache/packages/go ]; do sleep 0.05; done\n"
        "mkdir -p public && cp index.html public/\n"
    ),
}
SERVED = PLAIN | {"Procfile": "web: python3 -m http.server $PORT --bind 127.0.0.1\n"}


@dataclass
class Project:
    """A project with a repository that has a first version on main."""

    id: str
    address: str
    gate: Path  # its builds wait until this is there
    live: str  # host label of its app

    def hold(self) -> None:
        self.gate.unlink(missing_ok=True)

    def release(self) -> None:
        self.gate.parent.mkdir(parents=True, exist_ok=True)
        self.gate.touch()


@dataclass
class House:
    """An installation with an admin, and what the tests do in it."""

    here: Installation
    folder: Path
    organization: str = ""
    _count: int = 0
    _clones: dict[str, Path] = field(default_factory=dict)

    def open(self) -> "House":
        self.here.start().admin()
        self.organization = self.ask("GET", "/users/me")["organizations"][0]["id"]
        return self

    @property
    def mark(self) -> str:
        return f"at-work-in-{self.here.home.name}"

    # --- asking ------------------------------------------------------------------------------------------

    def call(self, method: str, path: str, body: Any = None) -> Answer:
        return self.here.request(method, f"/api{path}", body)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Ask for something that has to work."""
        answer = self.call(method, path, body)
        assert answer.status < 300, f"{method} {path}: {answer.status} {answer.text[:600]}"
        return answer.data if answer.body else None

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Read the database from beside."""
        with contextlib.closing(
            sqlite3.connect(f"file:{self.here.home / 'greenroom.db'}?mode=ro", uri=True, timeout=10)
        ) as database:
            return database.execute(statement, values).fetchall()

    @property
    def bell(self) -> "redis.Redis":
        return redis.Redis(unix_socket_path=str(self.here.home / "run" / "valkey.sock"))

    # --- the road ----------------------------------------------------------------------------------------

    def project(self, files: dict[str, str], *, seconds: float = 30) -> Project:
        """Make a project and push its first version."""
        self._count += 1
        made = self.ask(
            "POST", "/admin/projects", {"organizationId": self.organization, "name": f"Fault {self._count}"}
        )
        address = made["repository"]["cloneUrl"].replace("://", f"://x:{self.here.key}@", 1)
        live = self.rows("SELECT host_label FROM projects WHERE slug = ?", made["slug"])[0][0]
        gate = self.here.home / "caches" / made["id"] / "packages" / "go"
        project = Project(made["id"], address, gate, live)
        project.release()
        clone = self.folder / f"clone-{self._count}"
        git("init", "-q", "-b", "main", str(clone))
        self._clones[project.id] = clone
        self.push(project, "main", files)
        wait_until(lambda: self.here.open(live).status == 200, seconds, "main to be live")
        return project

    def clone_of(self, project: Project) -> Path:
        return self._clones[project.id]

    def push(self, project: Project, branch: str, files: Mapping[str, str | None]) -> str:
        """Commit files on a branch (None takes one away) and push it."""
        clone = self._clones[project.id]
        git("switch", "-qC", branch, folder=clone)
        for name, text in files.items():
            if text is None:
                (clone / name).unlink()
            else:
                (clone / name).write_text(text.replace("MARK", self.mark))
        git("add", "-A", folder=clone)
        git("commit", "-qm", "Change it", folder=clone)
        git("push", "-qf", project.address, f"HEAD:{branch}", folder=clone)
        return git("rev-parse", "HEAD", folder=clone).strip()

    def merges_on_main(self, project: Project) -> int:
        clone = self._clones[project.id]
        git("fetch", "-q", project.address, "main", folder=clone)
        return int(git("rev-list", "--count", "--merges", "FETCH_HEAD", folder=clone))

    def draft_request(self, project: Project) -> "Request":
        """File a request."""
        self._count += 1
        made = self.ask(
            "POST", f"/projects/{project.id}/requests", {"title": f"Hours {self._count}", "description": "?"}
        )
        label = f"{made['number']}-{project.live}"
        return Request(self, project, made["id"], made["number"], made["title"], label)

    def ready_request(self, project: Project) -> "Request":
        """File a request whose criteria are accepted, so that the work can start."""
        request = self.draft_request(project)
        accepted = {"gherkinCriteria": CRITERIA, "agentPrompt": "Show the hours."}
        self.ask("POST", f"/requests/{request.id}/interview/complete", accepted)
        return request

    def commit_to(self, project: Project, branch: str, *, path: str = "late.html") -> str:
        """Commit a file on a branch without a word to anybody, as when the web is killed in that moment."""
        repository = Repository(self.here.home / "repositories" / f"{project.id}.git")
        if repository.head(branch) is None:
            repository.create_branch(branch, at=repository.resolve("main"))
        author = Signature("Bob Builder", "bob@example.org")
        return repository.commit_files(branch, {path: b"<p>9 to 5</p>"}, message="Late", author=author)

    def commit_unheard(self, request: "Request") -> str:
        return self.commit_to(request.project, request.branch)

    def worked_on_request(self, project: Project) -> "Request":
        """File a request that a person works on, with a result that only has to be called one."""
        request = self.ready_request(project)
        self.commit_to(project, request.branch, path=f"late-{request.number}.html")
        work = self.ask("POST", f"/requests/{request.id}/development/start", {"agent": "person"})
        assert work["branchName"] == request.branch
        return request

    def pushed_request(self, project: Project, *, also: Mapping[str, str | None] | None = None) -> "Request":
        """File a request and push its result; its preview is on its way then."""
        request = self.ready_request(project)
        self.ask("POST", f"/requests/{request.id}/development/start", {"agent": "person"})
        git("fetch", "-q", project.address, "main", folder=self._clones[project.id])
        git("checkout", "-q", "--detach", "FETCH_HEAD", folder=self._clones[project.id])
        files = {"index.html": f"<!doctype html><h1>Open 9 to 5</h1><p>{request.number}</p>"}
        request.commit = self.push(project, request.branch, {**files, **(also or {})})
        return request

    def offered_request(self, project: Project) -> "Request":
        """File a request whose result is accepted and offered for merging while its preview is made."""
        request = self.worked_on_request(project)
        request.take("complete_development")
        request.commit = self.ask("GET", f"/requests/{request.id}/development/status")["commitSha"]
        request.take("approve", commitSha=request.commit)

        def is_offered() -> bool:  # its preview may come up in that very moment, which is a conflict
            return self.call("POST", f"/requests/{request.id}/pr", {}).status == 201

        wait_until(is_offered, 10, "it to be offered")
        return request

    def accepted_request(self, project: Project) -> "Request":
        """File a request whose result is up, accepted and offered for merging."""
        request = self.pushed_request(project)
        request.await_status("ready")
        request.take("approve", commitSha=request.commit)
        self.ask("POST", f"/requests/{request.id}/pr", {})
        return request

    # --- what has to be so -------------------------------------------------------------------------------

    def await_truth(self) -> None:
        """Wait until what the database says is so; the promise is the limit."""
        found: list[str] = []

        def agrees() -> bool:
            found[:] = self.here.disagreements()
            return not found

        try:
            wait_until(agrees, PROMISE, "the truth")
        except TimeoutError as late:
            raise AssertionError("\n".join([str(late), *found])) from late

    def acknowledged(self) -> dict[str, set[tuple[Any, ...]]]:
        """Everything that somebody was told is there: none of it may ever be missing again."""
        return {
            table: set(self.rows(f"SELECT id FROM {table}"))
            for table in ("requests", "activities", "runs", "previews", "deploys", "notifications")
        }

    @contextlib.contextmanager
    def nothing_is_lost(self) -> Iterator[None]:
        before = self.acknowledged()
        yield
        after = self.acknowledged()
        assert {table: before[table] - after[table] for table in before} == {table: set() for table in before}

    def carriers_of(self, mark: str) -> list[int]:
        return carriers_of(mark)


@dataclass
class Request:
    """A request, and what belongs to it."""

    house: House
    project: Project
    id: str
    number: int
    title: str
    label: str
    commit: str = ""

    @property
    def branch(self) -> str:
        return f"requests/{self.number}-{self.title.lower().replace(' ', '-')}"

    @property
    def key(self) -> str:
        """Its id as SQLite keeps it."""
        return self.id.replace("-", "")

    @property
    def preview(self) -> dict[str, Any]:
        found: dict[str, Any] = self.house.ask("GET", f"/requests/{self.id}/preview/status")
        return found

    @property
    def status(self) -> str:
        return str(self.house.ask("GET", f"/requests/{self.id}")["status"])

    @property
    def name(self) -> str:
        """What the newest preview's folder and process are called."""
        return f"preview-{str(self.preview['deploymentId']).replace('-', '')}"

    def build_anew(self) -> None:
        self.house.ask("POST", f"/requests/{self.id}/preview", {"force": True})

    def take(self, action: str, **payload: Any) -> Any:
        return self.house.ask(
            "POST", f"/requests/{self.id}/transition", {"action": action, "payload": payload}
        )

    def await_end_of_work(self) -> str:
        """Wait until its session is over; returns how it ended."""
        status = f"/requests/{self.id}/development/status"
        over = {"completed", "cancelled", "failed", "expired"}

        def ended() -> str:
            now = str(self.house.ask("GET", status)["status"])
            return now if now in over else ""

        return wait_until(ended, 30, "the end of the session")

    def drop(self) -> None:
        """Take it off the road, so that nothing is built for it any more."""
        step = {"action": "cancel", "payload": {"reason": "It was only a race."}}

        def is_dropped() -> bool:  # its preview may come up in that very moment, which is a conflict
            return self.house.call("POST", f"/requests/{self.id}/transition", step).status == 200

        wait_until(is_dropped, 10, "it to be dropped")

    def await_status(self, *wanted: str, seconds: float = PROMISE) -> dict[str, Any]:
        """Wait until the preview stands so; a web that is away for the moment is asked again."""
        seen: dict[str, Any] = {}

        def there() -> bool:
            with contextlib.suppress(OSError, AssertionError):
                seen.update(self.preview)
                return seen["status"] in wanted
            return False

        try:
            wait_until(there, seconds, f"a preview that is {' or '.join(wanted)}")
        except TimeoutError as late:
            raise AssertionError(f"{late}: {seen}") from late
        return seen

    def await_build(self) -> None:
        """Wait until its build command is at work."""

        wait_until(lambda: self.house.carriers_of(self.house.mark), 30, "the build to be at work")

    def await_answer(self) -> None:
        """Wait until its address shows what was pushed."""

        wait_until(self.is_shown, PROMISE, f"{self.label} to answer")

    def is_shown(self) -> bool:
        with contextlib.suppress(OSError):
            answer = self.house.here.open(self.label)
            return answer.status == 200 and f"<p>{self.number}</p>" in answer.text
        return False

    def traces(self) -> list[str]:
        """What is left of its newest preview on this machine."""
        here, name = self.house.here, self.name
        found = [f"process {pid}" for pid in self.house.carriers_of(f":{name}")]
        if (here.home / "checkouts" / name).exists():
            found.append(f"checkout {name}")
        found += [
            f"socket {path.name}"
            for path in (here.home / "run" / "i").glob("*.sock")
            if path.stem in self.sockets
        ]
        return found

    @property
    def sockets(self) -> set[str]:
        import hashlib

        return {hashlib.sha256(self.name.encode()).hexdigest()[:16]}


def git(*arguments: str, folder: Path | None = None) -> str:
    """Run git as somebody who has no settings of their own."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder or "/nonexistent"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        **{f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER")
           for what, value in (("NAME", "Bob Builder"), ("EMAIL", "bob@example.org"))},
    }  # fmt: skip
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, f"git {' '.join(arguments)}: {done.stderr}"
    return done.stdout


def empty_queue_files(here: Installation) -> None:
    """Take away what the queue server wrote down."""
    shutil.rmtree(here.home / "queue")
