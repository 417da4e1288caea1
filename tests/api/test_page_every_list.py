"""Every list comes in pages of one kind, and asks the database no more often for thirty than for three."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from app.accounts.models import User
from app.accounts.operations import begin_sign_in, issue_token
from app.archives.models import Export, ExportStatus, Import, ImportStatus
from app.connections.models import ConnectedProject, Connection, Provider
from app.core.clock import now
from app.core.db import current_engine, session, transaction
from app.core.ids import uuid7
from app.engine.repositories import Repository
from app.letters.models import Letter, LetterKind
from app.notifications.models import Notification
from app.organizations import operations as organizations
from app.organizations.models import Organization, Role
from app.previews.models import Preview, PreviewStatus, ShareLink
from app.projects.models import Audience, Project
from app.projects.operations import set_variable
from app.projects.queries import repository_of
from app.requests import operations as requests
from app.requests.models import Attachment, Label, ProductRequest, ReactionKind, RequestStep, Vote
from app.reviews.models import LineComment, LineThread
from app.web.api import Operation, registry
from app.web.schemas import Paging
from app.webhooks.models import DeliveryStatus, Sender, WebhookDelivery
from tests.support import road
from tests.support.browser import Browser
from tests.support.people import People

FEW, MANY = 3, 30

# Lists that come whole, each with the reason why they are never long.
WHOLE = {
    "GET /api/notification-choices": "one for each kind of notification that there is",
    "GET /api/projects/<uuid:id>/similar-requests": "the five that are most alike, never more",
    "GET /api/projects/<uuid:id>/variables": "as many as somebody set by hand",
    "GET /api/projects/<uuid:id>/branches": "git knows them, not a table; old ones are cleared away",
    "GET /api/requests/<uuid:id>/attachments": "at most so many files fit on a request",
    "GET /api/requests/<uuid:id>/available-transitions": "the steps of the road are few",
    "GET /api/requests/<uuid:id>/blockers": "a request waits for at most twenty others",
    "GET /api/requests/<uuid:id>/labels": "a request bears at most twenty labels",
    "GET /api/requests/<uuid:id>/preview/rounds": "one for each time that changes were asked for",
    "GET /api/requests/<uuid:id>/preview/shares": "as many as somebody made by hand",
    "GET /api/requests/<uuid:id>/reactions": "one for each kind of reaction that there is",
    "GET /api/requests/<uuid:id>/steps": "a request has at most fifty steps",
    "GET /api/requests/<uuid:id>/threads": "they are read with the change that they are about",
}
# Lists of which git is asked or nothing at all, so that no row of the database makes them longer.
NOT_OF_ROWS = {
    "GET /api/notification-choices",
    "GET /api/projects/<uuid:id>/branches",
    "GET /api/requests/<uuid:id>/available-transitions",
}


class Board:
    """A project with one request that has a branch, and rows of every kind to be listed."""

    def __init__(self, people: People) -> None:
        self.people = people
        with transaction():
            people.ada.is_admin = True  # of the installation, too
        self.project: Project = people.project()
        self.request: ProductRequest = road.shown_request(people, project=self.project)
        self.connection = self._connection(people.organization)

    @property
    def subjects(self) -> dict[str, object]:
        """Return the ids that stand in addresses, each by what stands before it."""
        return {
            "connections": self.connection.id,
            "organizations": self.people.organization.id,
            "projects": self.project.id,
            "requests": self.request.id,
        }

    def requests(self, count: int) -> None:
        before = None
        for number in range(count):
            person = self._person(Role.REQUESTER)
            request = self.people.request(self.project, by=person, title=f"Wish {number}")
            requests.assign(request, by=self.people.ada, to=self._person(Role.REQUESTER))
            requests.add_label(request, self._label(), by=self.people.ada)
            requests.add_step(request, by=person, text="Look at it")
            requests.vote(request, by=self._person(Role.REQUESTER))
            if before is not None:
                requests.wait_for(request, before, by=person)
            before = request

    def projects(self, count: int) -> None:
        for _ in range(count):
            self._project(self.people.organization)

    def letters(self, count: int) -> None:
        with transaction():
            for number in range(count):
                letter = Letter(kind=LetterKind.TRIAL, recipient=f"{number}@example.com", facts={})
                session.add(letter)
                session.flush()
                letter.note_sent()

    def projects_everywhere(self, count: int) -> None:
        for _ in range(count):
            self._project(self._organization())

    def linked_projects(self, count: int) -> None:
        for _ in range(count):
            self._link(self.connection, self._project(self.people.organization))

    def _project(self, organization: Organization) -> Project:
        name = f"shop-{uuid7().hex[-8:]}"
        project = Project(
            id=uuid7(),
            organization=organization,
            name=name,
            slug=name,
            host_label=name,
            default_branch="main",
            approver_id=self._person(Role.REQUESTER).id,
        )
        Repository.create(project.repository_path, default_branch="main")
        with transaction():
            session.add(project)
        return project

    def connections(self, count: int) -> None:
        for _ in range(count):
            self._link(self._connection(self.people.organization), self.project)

    def connections_everywhere(self, count: int) -> None:
        for _ in range(count):
            self._link(self._connection(self._organization()), self.project)

    def _connection(self, organization: Organization) -> Connection:
        connection = Connection(
            organization=organization,
            provider=Provider.GITHUB,
            name=f"Door {uuid7().hex[-8:]}",
            credentials={"token": "a token of some length"},
            made_by=self._person(Role.ADMIN),
        )
        with transaction():
            session.add(connection)
        return connection

    def _link(self, connection: Connection, project: Project) -> None:
        with transaction():
            session.add(ConnectedProject(connection_id=connection.id, project_id=project.id))

    def organizations(self, count: int) -> None:
        """A key belongs to one organization, so that its list is that one."""

    def organizations_everywhere(self, count: int) -> None:
        for _ in range(count):
            self._organization()

    def _organization(self) -> Organization:
        name = f"Guild {uuid7().hex[-8:]}"
        return organizations.create_organization(name, by=self._person(Role.DEVELOPER))

    def members(self, count: int) -> None:
        for _ in range(count):
            self._person(Role.DEVELOPER)

    def _person(self, role: Role) -> User:
        return self.people.make(f"Guest{uuid7().hex[-8:]} Guest", role=role)

    def invitations(self, count: int) -> None:
        for _ in range(count):
            with transaction():
                invitation, _ = organizations.invite(self.people.organization, by=self.people.ada)
                invitation.invited_by = self._person(Role.ADMIN)

    def join_links(self, count: int) -> None:
        for _ in range(count):
            organizations.make_join_link(self.people.organization, by=self._person(Role.ADMIN))

    def imports(self, count: int) -> None:
        with transaction():
            for _ in range(count):
                session.add(
                    Import(
                        file_name="acme.zip",
                        organization=self.people.organization,
                        made_by=self._person(Role.ADMIN),
                        status=ImportStatus.DONE,
                        ended_at=now(),
                    )
                )

    def exports(self, count: int) -> None:
        with transaction():
            for _ in range(count):
                session.add(
                    Export(
                        organization=self.people.organization,
                        project=Project(
                            organization=self.people.organization,
                            name="Old",
                            slug=f"old-{uuid7().hex[-8:]}",
                            host_label=f"old-{uuid7().hex[-8:]}",
                        ),
                        made_by=self._person(Role.ADMIN),
                        status=ExportStatus.CANCELLED,
                        ended_at=now(),
                    )
                )

    def sign_ins(self, count: int) -> None:
        for _ in range(count):
            begin_sign_in(self.people.ada, address="127.0.0.1")

    def deliveries(self, count: int) -> None:
        with transaction():
            for _ in range(count):
                session.add(
                    WebhookDelivery(
                        sender=Sender.GITHUB,
                        delivery_id=uuid7().hex,
                        event="push",
                        headers={},
                        body="{}",
                        status=DeliveryStatus.IGNORED,
                        outcome="Nobody waits for it.",
                        worked_at=now(),
                    )
                )

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

    def comments(self, count: int) -> None:
        for _ in range(count):
            spoken_to = self._person(Role.REQUESTER)
            said = requests.comment(
                self.request, by=self._person(Role.REQUESTER), text=f"What do you say, @{spoken_to.name}?"
            )
            requests.react(self.request, ReactionKind.EYES, by=spoken_to, reacted=True, to=said)

    def reactions(self, count: int) -> None:
        for number in range(count):
            kind = list(ReactionKind)[number % len(ReactionKind)]
            requests.react(self.request, kind, by=self._person(Role.REQUESTER), reacted=True)

    def watchers(self, count: int) -> None:
        for _ in range(count):
            requests.watch(self.request, by=self._person(Role.VIEWER), watching=True)

    def votes(self, count: int) -> None:
        with transaction():
            for _ in range(count):
                session.add(Vote(request_id=self.request.id, user_id=self._person(Role.REQUESTER).id))

    def steps(self, count: int) -> None:
        with transaction():
            for number in range(count):
                step = RequestStep(request=self.request, text="Look at it", position=number, done_at=now())
                step.done_by = self._person(Role.DEVELOPER)
                session.add(step)

    def blockers(self, count: int) -> None:
        if not self.request.may_wait:
            self.request = self.people.request(self.project, title="Wait for others")
        for number in range(count):
            blocker = self.people.request(
                self.project, by=self._person(Role.REQUESTER), title=f"Come first {number}"
            )
            with transaction():
                self.request.blockers.append(blocker)

    def labels(self, count: int) -> None:
        for _ in range(count):
            self._label()

    def borne_labels(self, count: int) -> None:
        for _ in range(count):
            label = self._label()
            with transaction():
                self.request.labels.append(label)

    def _label(self) -> Label:
        name = f"label-{uuid7().hex[-8:]}"
        return requests.create_label(
            self.people.organization.id, by=self.people.ada, name=name, color="#7a5af0"
        )

    def views(self, count: int) -> None:
        for number in range(count):
            person = self._person(Role.DEVELOPER)
            requests.save_view(self.project, by=person, name=f"View {number}", query="q=door", is_shared=True)

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


ON_REQUEST = "/acme/website/requests/{number}"

# Who makes the rows of a list, and where pages show the same.
MAKERS: dict[str, tuple[Callable[[Board, int], None], tuple[str, ...]]] = {
    "GET /api/admin/connections": (Board.connections_everywhere, ("/admin/connections",)),
    "GET /api/admin/connections/<uuid:id>/projects": (
        Board.linked_projects,
        ("/admin/connections/{connections}",),
    ),
    "GET /api/admin/deliveries": (Board.deliveries, ("/admin/deliveries",)),
    "GET /api/admin/letters": (Board.letters, ("/admin/mail",)),
    "GET /api/admin/organizations": (Board.organizations_everywhere, ("/admin/organizations",)),
    "GET /api/admin/organizations/<uuid:id>/connections": (Board.connections, ("/admin/connections",)),
    "GET /api/admin/projects": (Board.projects_everywhere, ("/admin/projects",)),
    "GET /api/admin/projects/<uuid:id>/connections": (
        Board.connections_everywhere,
        ("/admin/projects/{projects}",),
    ),
    "GET /api/admin/users": (Board.organizations_everywhere, ("/admin/users",)),
    "GET /api/projects": (Board.projects, ("/acme",)),
    "GET /api/organizations": (Board.organizations, ()),
    "GET /api/organizations/<uuid:id>/users": (Board.members, ("/acme/members",)),
    "GET /api/organizations/<uuid:id>/invitations": (Board.invitations, ("/acme/members",)),
    "GET /api/organizations/<uuid:id>/join-links": (Board.join_links, ("/acme/members",)),
    "GET /api/organizations/<uuid:id>/exports": (Board.exports, ("/acme/settings/exports",)),
    "GET /api/admin/imports": (Board.imports, ("/admin/organizations/import",)),
    "GET /api/organizations/<uuid:id>/labels": (Board.labels, ("/acme/labels",)),
    "GET /api/api-keys": (Board.keys, ("/profile/keys",)),
    "GET /api/sessions": (Board.sign_ins, ("/profile/sessions",)),
    "GET /api/notifications": (Board.notifications, ("/inbox",)),
    "GET /api/projects/<uuid:id>/requests": (
        Board.requests,
        ("/acme/website", "/acme/website?list=1", "/search?q=Wish"),
    ),
    "GET /api/projects/<uuid:id>/similar-requests": (
        Board.requests,
        ("/acme/website/requests/similar?title=Wish",),
    ),
    "GET /api/projects/<uuid:id>/variables": (Board.variables, ("/acme/website/settings",)),
    "GET /api/projects/<uuid:id>/views": (Board.views, ("/acme/website", "/acme/website/views")),
    "GET /api/requests/<uuid:id>/activity": (Board.activity, (ON_REQUEST,)),
    "GET /api/requests/<uuid:id>/attachments": (Board.attachments, (ON_REQUEST,)),
    "GET /api/requests/<uuid:id>/blockers": (Board.blockers, (ON_REQUEST,)),
    "GET /api/requests/<uuid:id>/comments": (Board.comments, (ON_REQUEST,)),
    "GET /api/requests/<uuid:id>/labels": (Board.borne_labels, (ON_REQUEST,)),
    "GET /api/requests/<uuid:id>/preview/rounds": (Board.rounds, (ON_REQUEST,)),
    "GET /api/requests/<uuid:id>/preview/shares": (Board.shares, (f"{ON_REQUEST}/preview",)),
    "GET /api/requests/<uuid:id>/reactions": (Board.reactions, (ON_REQUEST,)),
    "GET /api/requests/<uuid:id>/steps": (Board.steps, (ON_REQUEST,)),
    "GET /api/requests/<uuid:id>/threads": (Board.threads, (f"{ON_REQUEST}/diff",)),
    "GET /api/requests/<uuid:id>/votes": (Board.votes, (ON_REQUEST,)),
    "GET /api/requests/<uuid:id>/watchers": (Board.watchers, (f"{ON_REQUEST}/people", ON_REQUEST)),
}
# Pages that are asked for a part of a page alone, as htmx does.
PARTS = {"/acme/website/requests/similar?title=Wish"}
# What a list needs to be asked, besides its page.
ASKED = {"GET /api/projects/<uuid:id>/similar-requests": {"title": "Wish"}}


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
    ada = board.people.ada
    # What is of the whole installation is seen with a token: a key belongs to one organization.
    secret = issue_token(ada)[0] if "/admin/" in name else board.people.key(ada)
    headers = {"Authorization": f"Bearer {secret}"}
    make(board, FEW)
    subjects = board.subjects
    before_id = name.removeprefix("GET ").partition("/<uuid:id>")[0]
    path = name.removeprefix("GET ").replace("<uuid:id>", str(subjects.get(before_id.rpartition("/")[2])))
    addresses = [page.format(number=board.request.number, **subjects) for page in pages]
    query = {"limit": 100, **ASKED.get(name, {})}
    browser = Browser(app, ada)  # signs in, which is not what is counted

    def look(page: str) -> object:
        return browser.htmx("GET", page) if page in PARTS else browser.get(page)

    def asked() -> dict[str, int]:
        session.commit()
        queries = {path: statements(lambda: app.test_client().get(path, query_string=query, headers=headers))}
        return queries | {page: statements(lambda page=page: look(page)) for page in addresses}

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
