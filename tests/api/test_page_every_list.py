"""Every list comes in pages of one kind, and asks the database no more often for thirty than for three."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from app.core.clock import now
from app.core.db import current_engine, session, transaction
from app.core.ids import uuid7
from app.engine.repositories import Repository
from app.notifications.models import Notification
from app.organizations import operations as organizations
from app.organizations.models import Role
from app.previews.models import Preview, PreviewStatus, ShareLink
from app.projects.models import Audience, Project
from app.projects.operations import set_variable
from app.projects.queries import repository_of
from app.requests import operations as requests
from app.requests.models import Attachment, ProductRequest
from app.reviews.models import LineComment, LineThread
from app.web.api import Operation, registry
from app.web.schemas import Paging
from tests.support import road
from tests.support.browser import Browser
from tests.support.people import People

FEW, MANY = 3, 30

# Lists that come whole, each with the reason why they are never long.
WHOLE = {
    "GET /api/projects/<uuid:id>/variables": "as many as somebody set by hand",
    "GET /api/projects/<uuid:id>/branches": "git knows them, not a table; old ones are cleared away",
    "GET /api/requests/<uuid:id>/attachments": "at most so many files fit on a request",
    "GET /api/requests/<uuid:id>/available-transitions": "the steps of the road are few",
    "GET /api/requests/<uuid:id>/preview/rounds": "one for each time that changes were asked for",
    "GET /api/requests/<uuid:id>/preview/shares": "as many as somebody made by hand",
    "GET /api/requests/<uuid:id>/threads": "they are read with the change that they are about",
}
# Lists of which git is asked or nothing at all, so that no row of the database makes them longer.
NOT_OF_ROWS = {
    "GET /api/projects/<uuid:id>/branches",
    "GET /api/requests/<uuid:id>/available-transitions",
}


class Board:
    """A project with one request that has a branch, and rows of every kind to be listed."""

    def __init__(self, people: People) -> None:
        self.people = people
        self.project: Project = people.project()
        self.request: ProductRequest = road.shown_request(people, project=self.project)

    def requests(self, count: int) -> None:
        for number in range(count):
            request = self.people.request(self.project, title=f"Wish {number}")
            requests.assign(request, by=self.people.ada, to=self._person(Role.REQUESTER))

    def projects(self, count: int) -> None:
        for _ in range(count):
            name = f"shop-{uuid7().hex[-8:]}"
            project = Project(
                id=uuid7(),
                organization=self.people.organization,
                name=name,
                slug=name,
                host_label=name,
                default_branch="main",
                approver_id=self._person(Role.REQUESTER).id,
            )
            Repository.create(project.repository_path, default_branch="main")
            with transaction():
                session.add(project)

    def organizations(self, count: int) -> None:
        """A key belongs to one organization, so that its list is that one."""

    def members(self, count: int) -> None:
        for _ in range(count):
            self._person(Role.DEVELOPER)

    def _person(self, role: Role):
        return self.people.make(f"Guest{uuid7().hex[-8:]} Guest", role=role)

    def invitations(self, count: int) -> None:
        for _ in range(count):
            with transaction():
                invitation, _ = organizations.invite(self.people.organization, by=self.people.ada)
                invitation.invited_by = self._person(Role.ADMIN)

    def keys(self, count: int) -> None:
        for _ in range(count):
            self.people.key(self.people.ada)

    def notifications(self, count: int) -> None:
        with transaction():
            for _ in range(count):
                session.add(
                    Notification(
                        user_id=self.people.ada.id,
                        organization_id=self.people.organization.id,
                        kind="test",
                        text="Hello",
                        path="/",
                    )
                )

    def activity(self, count: int) -> None:
        for _ in range(count):
            requests.comment(self.request, by=self._person(Role.REQUESTER), text="Nice.")

    def attachments(self, count: int) -> None:
        with transaction():
            for _ in range(count):
                session.add(
                    Attachment(
                        project_id=self.project.id,
                        request_id=self.request.id,
                        uploader=self._person(Role.REQUESTER),
                        name="door.png",
                        content_type="image/png",
                        size=1,
                        digest=uuid7().hex,
                    )
                )

    def variables(self, count: int) -> None:
        for _ in range(count):
            name = f"V{uuid7().hex[-8:].upper()}"
            with transaction():
                set_variable(
                    self.project,
                    by=self.people.ada,
                    name=name,
                    value="hush",
                    audience=Audience.PREVIEW,
                    is_secret=True,
                ).set_by = self._person(Role.ADMIN)

    def rounds(self, count: int) -> None:
        commit = str(repository_of(self.project).head("main"))
        with transaction():
            for number in range(count):
                session.add(
                    Preview(
                        request=self.request,
                        project_id=self.project.id,
                        commit_sha=commit,
                        branch_name=self.request.working_branch,
                        label=f"r{number}-{uuid7().hex[-8:]}",
                        round=number + 2,
                        status=PreviewStatus.CANCELLED,
                        started_by=self._person(Role.DEVELOPER),
                    )
                )

    def shares(self, count: int) -> None:
        with transaction():
            for _ in range(count):
                session.add(
                    ShareLink(
                        request=self.request,
                        digest=uuid7().hex,
                        made_by=self._person(Role.DEVELOPER),
                        expires_at=now(),
                    )
                )

    def threads(self, count: int) -> None:
        with transaction():
            for _ in range(count):
                thread = LineThread(
                    request=self.request,
                    commit_sha=str(self.request.commit_sha),
                    path="hours.html",
                    first_line=1,
                    last_line=1,
                    lines=["<p>9 to 5</p>"],
                    resolved_by=self._person(Role.DEVELOPER),
                    resolved_at=now(),
                )
                session.add(thread)
                session.add(LineComment(thread=thread, author=self._person(Role.DEVELOPER), text="Why?"))


# Who makes the rows of a list, and where pages show the same.
MAKERS: dict[str, tuple[Callable[[Board, int], None], tuple[str, ...]]] = {
    "GET /api/projects": (Board.projects, ("/acme",)),
    "GET /api/organizations": (Board.organizations, ()),
    "GET /api/organizations/<uuid:id>/users": (Board.members, ("/acme/members",)),
    "GET /api/organizations/<uuid:id>/invitations": (Board.invitations, ("/acme/members",)),
    "GET /api/api-keys": (Board.keys, ("/profile/keys",)),
    "GET /api/notifications": (Board.notifications, ("/inbox",)),
    "GET /api/projects/<uuid:id>/requests": (
        Board.requests,
        ("/acme/website", "/acme/website?list=1", "/search?q=Wish"),
    ),
    "GET /api/projects/<uuid:id>/variables": (Board.variables, ("/acme/website/settings",)),
    "GET /api/requests/<uuid:id>/activity": (Board.activity, ("/acme/website/requests/1",)),
    "GET /api/requests/<uuid:id>/attachments": (Board.attachments, ("/acme/website/requests/1",)),
    "GET /api/requests/<uuid:id>/preview/rounds": (Board.rounds, ("/acme/website/requests/1",)),
    "GET /api/requests/<uuid:id>/preview/shares": (Board.shares, ("/acme/website/requests/1/preview",)),
    "GET /api/requests/<uuid:id>/threads": (Board.threads, ("/acme/website/requests/1/diff",)),
}


def lists() -> dict[str, Operation]:
    """Return every operation that lists something."""
    return {
        f"{each.method} {each.path}": each
        for each in registry.operations
        if each.many and each.method == "GET"
    }


def unpaged() -> set[str]:
    """Return the lists that take no page."""
    return {
        name for name, each in lists().items() if each.query is None or not issubclass(each.query, Paging)
    }


@pytest.fixture
def board(people: People, bell: object) -> Board:
    return Board(people)


def test_a_list_comes_in_pages_or_says_why_not(app):
    assert unpaged() == set(WHOLE)


def test_a_list_has_somebody_who_makes_its_rows(app):
    assert set(MAKERS) | NOT_OF_ROWS == set(lists())


@pytest.mark.parametrize("name", MAKERS)
def test_thirty_cost_no_more_than_three(app, board, name):
    make, pages = MAKERS[name]
    key, ada = board.people.key(board.people.ada), board.people.ada
    subject = {
        "projects": board.project.id,
        "requests": board.request.id,
        "organizations": board.people.organization.id,
    }
    path = name.removeprefix("GET ").replace("<uuid:id>", str(subject.get(name.split("/")[2])))
    headers = {"Authorization": f"Bearer {key}"}

    def asked() -> dict[str, int]:
        session.commit()
        queries = {path: statements(lambda: app.test_client().get(f"{path}?limit=100", headers=headers))}
        return queries | {page: statements(lambda page=page: Browser(app, ada).get(page)) for page in pages}

    make(board, FEW)
    asked()  # what is read once a process is read now
    few = asked()
    make(board, MANY - FEW)

    assert asked() == few


def statements(ask: Callable[[], object]) -> int:
    """Count what an answer asks the database; in a thread of its own, where nothing is loaded yet."""
    answers: list[object] = []
    thread = threading.Thread(target=lambda: answers.append(ask()))
    with counted(current_engine()) as sent:
        thread.start()
        thread.join(60)
    assert [answer.status_code for answer in answers] == [200], answers[0].text[:300]
    return len(sent)


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """Count what is asked of the database."""
    sent: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", hear)


@pytest.mark.parametrize(
    ("query", "page", "limit", "shown"),
    [
        ("", 1, 20, 20),
        ("page=2", 2, 20, 11),
        ("limit=7", 1, 7, 7),
        ("limit=1000", 1, 100, 31),
        ("limit=-1&page=-1", 1, 1, 1),
        ("page=99999999999999999999", 99999999999999999999, 20, 0),
    ],
)
def test_a_page_is_what_was_asked_for(api, board, query, page, limit, shown):
    board.requests(MANY)
    key = board.people.key(board.people.vic)

    answer = api("GET", f"/projects/{board.project.id}/requests?{query}", key)

    meta = answer.json["meta"]
    assert (meta["page"], meta["limit"], meta["total"]) == (page, limit, MANY + 1)
    assert len(answer.json["data"]) == shown


def test_a_page_that_is_none_is_refused(api, people):
    answer = api("GET", "/projects?page=two", people.key(people.vic))

    assert answer.status_code == 422
    assert [each["loc"] for each in answer.json["errors"]] == [["query", "page"]]
