"""A world in which every route has something to show: each part is made when a route asks for it."""

import base64
import io
import re
import tarfile
from collections.abc import Callable
from functools import cached_property
from itertools import count
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts import operations as accounts
from app.accounts.models import ApiKey, SignIn, User
from app.apps import operations as apps
from app.apps.models import (
    App,
    AppDomain,
    AppPreviewSession,
    AppVariable,
    AppVersion,
    Build,
    BuildStatus,
    Deploy,
    DeployStatus,
    DomainStatus,
)
from app.apps.queries import default_version, first_app, latest_deploy
from app.archives import operations as archives
from app.archives.models import Export, Import
from app.connections import operations as connections
from app.connections.models import ConnectedProject, Connection, Provider
from app.core import jobs, ledger
from app.core.clock import now
from app.core.db import session, transaction
from app.core.files import Upload
from app.core.ledger import Run
from app.development import operations as development
from app.development.queries import latest_session
from app.engine import routes
from app.engine.repositories import Place
from app.environments import operations as environments
from app.environments.models import Environment, TaskVersion
from app.interviews import operations as interviews
from app.notifications.models import Kind, Notification
from app.notifications.operations import tell
from app.organizations import operations as organizations
from app.organizations.models import Invitation, JoinLink, Role
from app.previews import operations as previews
from app.previews.checks import picture_path
from app.previews.models import Preview, ShareLink
from app.previews.queries import latest_preview
from app.projects import operations as projects
from app.projects.models import Audience, Project, ProjectVariable, Starter, StartPolicy
from app.projects.operations import set_variable
from app.projects.queries import repository_of
from app.requests import operations as requests
from app.requests.models import (
    Activity,
    Attachment,
    Label,
    ProductRequest,
    RequestStep,
    SavedView,
    WorkflowAction,
)
from app.reviews import operations as reviews
from app.reviews.changes import key_of
from app.reviews.models import LineThread
from app.specs import operations as specs
from app.specs.models import Spec, SpecKind
from app.webhooks.models import DeliveryStatus, Sender, WebhookDelivery
from tests.support import road
from tests.support.browser import Browser
from tests.support.people import PASSWORD, People
from tests.support.pictures import PICTURE


def _draft(people: People) -> ProductRequest:
    return people.request()


def _interviewing(people: People) -> ProductRequest:
    request = people.request()
    interviews.start(request, by=people.rae)
    return request


def _developing(people: People) -> ProductRequest:
    request = road.ready_request(people)
    development.start(request, by=people.bob, agent="person")
    return request


def _made(people: People) -> ProductRequest:
    """The work waits for a word, not for a commit."""
    request = _developing(people)
    road.commit(
        repository_of(request.project), request.working_branch, path="hours.html", text="<p>9 to 5</p>"
    )
    return request


def _offered(people: People) -> ProductRequest:
    request = road.accepted_request(people)
    reviews.create_pull_request(request, by=people.bob)
    return request


def _behind(people: People) -> ProductRequest:
    """Main has moved on since the work began."""
    request = road.accepted_request(people)
    road.push_to(request.project, "main", by=people.ada, path="news.html", text="<p>New</p>")
    return request


def _merged(people: People) -> ProductRequest:
    request = _offered(people)
    reviews.merge(request, by=people.bob)
    return request


def _unallowed(people: People) -> ProductRequest:
    """Somebody has to say yes first, and it is Ada who was named."""
    request = road.ready_request(people)
    projects.edit_project(
        request.project, by=people.ada, start_policy=StartPolicy.APPROVED, approver_id=people.ada.id
    )
    return request


def _from_guest(people: People) -> ProductRequest:
    """Somebody without an account asked for it."""
    address = requests.open_intake(people.project(), by=people.ada)[1]
    return requests.take_wish(
        address.rpartition("/")[2], title="More light", description="", name="Gil Guest"
    )


def _cancelled(people: People) -> ProductRequest:
    request = people.request()
    requests.move(request, WorkflowAction.CANCEL, by=people.rae, payload={"reason": "Not needed."})
    return request


STAGES: dict[str, Callable[[People], ProductRequest]] = {
    "draft": _draft,
    "interviewing": _interviewing,
    "ready": road.ready_request,
    "developing": _developing,
    "made": _made,
    "reviewed": road.reviewed_request,
    "shown": road.shown_request,
    "accepted": road.accepted_request,
    "offered": _offered,
    "behind": _behind,
    "merged": _merged,
    "unallowed": _unallowed,
    "cancelled": _cancelled,
    "from_guest": _from_guest,
}


_serial = count(1)


def task_archive(name: str) -> io.BytesIO:
    """A task without services that is done once a word was found, as a tar."""
    said = f"name: {name}\nversion: 1.0.0\nverification: {{method: flag, value: found}}\n".encode()
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        member = tarfile.TarInfo("task.yaml")
        member.size = len(said)
        archive.addfile(member, io.BytesIO(said))
    made.seek(0)
    return made


class World:
    """One project of Acme's with one of Rae's requests at a stage of its road, and what else a route names."""

    def __init__(self, people: People, stage: str) -> None:
        self.people = people
        self.stage = stage
        self.serial = next(_serial)

    @cached_property
    def here(self) -> ProductRequest:
        return STAGES[self.stage](self.people)

    @cached_property
    def place(self) -> Project:
        return self.here.project

    @cached_property
    def guest(self) -> User:
        """A member who is not needed for anything else."""
        return self.people.make(f"Gus{self.serial} Guest", role=Role.VIEWER)

    @cached_property
    def _invited(self) -> tuple[Invitation, str]:
        return organizations.invite(self.people.organization, by=self.people.ada)

    @cached_property
    def secret(self) -> str:
        """The secret of an invitation's link."""
        return self._invited[1].rpartition("/")[2]

    @cached_property
    def _joinable(self) -> tuple[JoinLink, str]:
        return organizations.make_join_link(self.people.organization, by=self.people.ada)

    @cached_property
    def welcome_secret(self) -> str:
        return str(accounts.first_admin_link()).rpartition("/")[2]

    @cached_property
    def reset_secret(self) -> str:
        """The secret of a guest's link to a new password."""
        return accounts.reset_link(self.guest).rpartition("/")[2]

    @cached_property
    def sign_in(self) -> SignIn:
        """One of Rae's own browsers."""
        return accounts.begin_sign_in(self.people.rae, address="127.0.0.1")

    @cached_property
    def key(self) -> ApiKey:
        """Rae's own key."""
        self.people.key(self.people.rae)
        return session.scalars(
            select(ApiKey).where(ApiKey.user_id == self.people.rae.id).order_by(ApiKey.id.desc())
        ).first()

    @cached_property
    def delivery(self) -> WebhookDelivery:
        """What GitHub told this installation of."""
        delivery = WebhookDelivery(
            sender=Sender.GITHUB,
            delivery_id=f"d-{self.serial}",
            event="ping",
            headers={},
            body="{}",
            status=DeliveryStatus.DONE,
            outcome="GitHub reaches this installation.",
            worked_at=now(),
        )
        with transaction():
            session.add(delivery)
        return delivery

    @cached_property
    def variable(self) -> ProjectVariable:
        """One of the project's variables."""
        return set_variable(
            self.place,
            by=self.people.ada,
            name="TOKEN",
            value="hush",
            audience=Audience.PREVIEW,
            is_secret=True,
        )

    @cached_property
    def link(self) -> ShareLink:
        """A link by which a guest opens the preview."""
        return previews.share(self.here, by=self.people.bob, lasting=previews.Lasting.DAY)[0]

    @cached_property
    def unasked(self) -> str:
        """A branch that nobody asked for, pushed by Bob."""
        branch = f"idea-{self.serial}"
        road.push_to(self.place, branch, by=self.people.bob, path="idea.html", text="<p>An idea</p>")
        return branch

    @cached_property
    def notice(self) -> Notification:
        """What only Rae was told."""
        tell(
            [self.people.rae],
            organization_id=self.people.organization.id,
            kind=Kind.LIVE,
            text="Hello",
            path="/",
        )
        return session.scalars(
            select(Notification).where(Notification.kind == Kind.LIVE).order_by(Notification.id.desc())
        ).first()

    @cached_property
    def step(self) -> RequestStep:
        """A small step of the request."""
        return requests.add_step(self.here, by=self.people.rae, text="Ask the shop")

    @cached_property
    def other(self) -> ProductRequest:
        """A request of the same project, filed by Bob."""
        return self.people.request(self.place, by=self.people.bob, title="Bigger letters")

    @cached_property
    def blocker(self) -> ProductRequest:
        """A request that the one at hand waits for."""
        requests.wait_for(self.here, self.other, by=self.people.rae)
        return self.other

    @cached_property
    def view(self) -> SavedView:
        """A view of the board that Bob shares with everybody."""
        return requests.save_view(
            self.place, by=self.people.bob, name=f"Bugs {self.serial}", query="type=bug", is_shared=True
        )

    @cached_property
    def intake_secret(self) -> str:
        """The secret of the link by which guests ask for something."""
        return requests.open_intake(self.place, by=self.people.ada)[1].rpartition("/")[2]

    @cached_property
    def picture(self) -> Attachment:
        """What Rae showed with her request."""
        upload = Upload("door.png", io.BytesIO(PICTURE))
        return requests.attach(self.here, [upload], by=self.people.rae)[0]

    @cached_property
    def pictured(self) -> Preview:
        """The preview of the request, with a picture of it."""
        preview = latest_preview(self.here)
        picture_path(preview.name, "desktop").write_bytes(b"RIFF....WEBP")
        return preview

    @cached_property
    def replaced(self) -> Deploy:
        """A deploy that was live until something else was."""
        app = first_app(self.place)
        deploy = Deploy(
            app=app,
            app_id=app.id,
            commit_sha=repository_of(self.place).head(),
            status=DeployStatus.REPLACED,
            live_at=now(),
        )
        with transaction():
            session.add(deploy)
        return deploy

    @cached_property
    def served(self) -> App:
        """What the project serves."""
        return first_app(self.place)

    @cached_property
    def build(self) -> Build:
        """A build of the app that waits for its turn."""
        return apps.start_build(default_version(self.served), by=self.people.bob)

    @cached_property
    def built(self) -> Build:
        """A build of the app that was live until something else was."""
        build = self.build
        with transaction():
            build.status, build.ended_at = BuildStatus.COMPLETED, now()
            session.add(
                Deploy(
                    app=self.served,
                    app_id=self.served.id,
                    build=build,
                    commit_sha=build.commit_sha,
                    status=DeployStatus.REPLACED,
                    live_at=now(),
                )
            )
        return build

    @cached_property
    def app_variable(self) -> AppVariable:
        """What the app finds in its environment."""
        return apps.set_app_variable(self.served, by=self.people.ada, name="MODE", value="demo")

    @cached_property
    def domain(self) -> AppDomain:
        """A host name that leads to the app."""
        domain = apps.attach_domain(
            self.served, by=self.people.ada, hostname=f"{self.place.slug}.shop.example.com"
        )
        with transaction():
            domain.verified_at, domain.status = now(), DomainStatus.ACTIVE
        return domain

    @cached_property
    def app(self) -> App:
        """An app of Bob's beside the project's own."""
        return apps.create_app(self.place, by=self.people.bob, name="Shop", starter=Starter.STATIC)

    @cached_property
    def app_version(self) -> AppVersion:
        """A version of that app which nobody depends on."""
        return apps.fork_version(self.app, by=self.people.bob, name="Next")

    def _app_for(self, rule: str) -> App:
        if _PARTS.search(rule):
            return self.served
        if rule.endswith(("/purge", "/removal")):
            apps.delete_app(self.app, by=self.people.bob)
        return self.app

    @property
    def edited_version(self) -> AppVersion:
        """What goes live of the project's own app."""
        version = default_version(first_app(self.place))
        assert version is not None
        return version

    def _of_apps(self, rule: str, name: str) -> str:
        if "/edit" in rule:
            return self.edited_version.app_id if name == "app_id" else self.edited_version.id
        if name == "app_id" and "version_id" in rule:
            return self.app.id
        is_version = name == "version_id" or "/app-versions/" in rule
        return self._version_for(rule).id if is_version else self._app_for(rule).id

    def _version_for(self, rule: str) -> AppVersion:
        if rule.endswith(("/purge", "/removal")):
            apps.delete_version(self.app_version, by=self.people.bob)
        return self.app_version

    @cached_property
    def line(self) -> str:
        """A line of the change, as an address names it."""
        return f"{key_of('hours.html')}n1"

    @cached_property
    def thread(self) -> LineThread:
        """What Rae said about a line of the change."""
        place = Place("hours.html", 1, 1)
        return reviews.comment_on_lines(self.here, by=self.people.rae, place=place, text="Why?")

    @cached_property
    def connection(self) -> Connection:
        """A door of Acme's to somewhere else."""
        with transaction():
            keeper = self.people.make(f"Kim{self.serial} Keeper", role=Role.VIEWER)
            keeper.is_admin = True
        organization, name = self.people.organization, f"Host {self.serial}"
        made = connections.connect(organization, by=keeper, provider=Provider.CUSTOM, name=name)
        with transaction():
            keeper.is_admin = False
        return made

    @cached_property
    def connected(self) -> Project:
        """The project, which goes through that door."""
        with transaction():
            session.add(ConnectedProject(connection_id=self.connection.id, project_id=self.place.id))
        return self.place

    @cached_property
    def waiting_run(self) -> Run:
        """A piece of work that waits for its turn."""
        with transaction():
            return ledger.open_queued(
                "previews.remove_preview", self.here.id, queue="quick", seconds=60, attempts=1
            )

    @cached_property
    def said(self) -> Activity:
        """What Rae said about her request."""
        return requests.comment(self.here, by=self.people.rae, text="In the footer, too?")

    @cached_property
    def tag(self) -> Label:
        """A label of the organization that Rae's request bears."""
        name = f"office {self.serial}"
        made = requests.create_label(
            self.people.organization.id, by=self.people.ada, name=name, color="#7a5af0"
        )
        requests.add_label(self.here, made, by=self.people.rae)
        return made

    @cached_property
    def label(self) -> str:
        """A host name that leads to something of the project."""
        label = f"shown-{self.place.id.hex[-8:]}"
        routes.point(label, project_id=self.place.id, organization_id=self.place.organization_id)
        return label

    def _export_for(self, rule: str) -> UUID:
        return (self.ready_export if rule.endswith("/archive") else self.waiting_export).id

    @cached_property
    def waiting_export(self) -> Export:
        """An archive of the organization that nobody has begun to write."""
        return archives.ask_for_export(self.people.organization, by=self.people.ada)

    @cached_property
    def ready_export(self) -> Export:
        """The same, written."""
        jobs.perform(str(self.waiting_export.run_id))
        session.refresh(self.waiting_export)
        return self.waiting_export

    @cached_property
    def waiting_import(self) -> Import:
        """An archive that nobody has begun to bring in."""
        with transaction():
            wanted = Import(file_name="acme.zip", made_by=self.people.ada)
            session.add(wanted)
        return wanted

    @property
    def archive(self) -> bytes:
        """Return everything of the organization, as a file."""
        return self.ready_export.place.read_bytes()

    @cached_property
    def waiting_spec(self) -> Spec:
        """A spec that Rae asked for and nobody has begun to write."""
        text = "Guests can book a table."
        organization = self.people.organization
        return specs.ask_for_spec(
            organization, by=self.people.rae, project=self.place, kind=SpecKind.FAST, text=text
        )

    @cached_property
    def spec(self) -> Spec:
        """The same, written."""
        jobs.perform(str(self.waiting_spec.run_id))
        session.refresh(self.waiting_spec)
        return self.waiting_spec

    @cached_property
    def cancelled_spec(self) -> Spec:
        specs.cancel_spec(self.waiting_spec, by=self.people.rae)
        return self.waiting_spec

    @cached_property
    def task(self) -> TaskVersion:
        """A task that Bob published."""
        upload = Upload("task.tar.gz", task_archive(f"task-{self.serial}"))
        return environments.publish_upload(self.people.organization, by=self.people.bob, upload=upload)

    @cached_property
    def environment(self) -> Environment:
        """An environment of it in the project, ready, by Bob."""
        made, _ = environments.create_environment(self.place, self.task, by=self.people.bob)
        jobs.perform(str(made.run_id))
        session.refresh(made)
        return made

    @cached_property
    def edited(self) -> AppPreviewSession:
        """The same, running while Bob edits it."""
        return apps.open_session(self.edited_version, by=self.people.bob)

    def _spec_for(self, rule: str) -> Spec:
        if rule.endswith(("/cancel", "/cancellation")):
            return self.waiting_spec
        return self.cancelled_spec if rule.endswith(("/retry", "/repetition")) else self.spec

    def _comment_for(self, rule: str) -> UUID:
        is_of_lines = "/diff/" in rule or "/thread-" in rule
        return self.thread.comments[0].id if is_of_lines else self.said.id

    def _session_for(self, rule: str) -> UUID | str:
        return self.edited.id if rule.startswith("/api/apps/") else latest_session(self.here).id

    def parameter(self, rule: str, name: str) -> str:
        """Return what stands for a parameter of a rule."""
        if name in _BY_RULE:
            return str(_BY_RULE[name](self, rule))
        if name == "id" and rule.startswith("/api/app"):
            return self._of_apps(rule, name)
        if name == "id":
            family = rule.removeprefix("/api/").removeprefix("admin/").split("/", 1)[0]
            return str(_OF_FAMILY[family](self))
        if name == "secret" and (door := rule.split("/")[1]) in _BEHIND:
            return str(_BEHIND[door](self))
        if name in {"secret", "token"} and rule.startswith(("/join", "/api/join-links")):
            return self._joinable[1].rpartition("/")[2]
        return str(_NAMED[name](self))

    def path(self, rule: str, *, of_rule: Any) -> str:
        """Return the address of a rule in this world."""
        values = {name: self.parameter(rule, name) for name in of_rule.arguments}
        return _fill(of_rule, values)


_PARTS = re.compile(r"/(builds|deploys?|rollback|env|environment|domain)\b")
_BY_RULE: dict[str, Callable[[World, str], object]] = {
    "spec_id": lambda world, rule: world._spec_for(rule).id,
    "export_id": lambda world, rule: world._export_for(rule),
    "comment_id": lambda world, rule: world._comment_for(rule),
    "session_id": lambda world, rule: world._session_for(rule),
    "app_id": lambda world, rule: world._of_apps(rule, "app_id"),
    "version_id": lambda world, rule: world._of_apps(rule, "version_id"),
}
_BEHIND: dict[str, Callable[[World], str]] = {
    "welcome": lambda world: world.welcome_secret,
    "reset-password": lambda world: world.reset_secret,
    "intake": lambda world: world.intake_secret,
}


def _fill(rule: Any, values: dict[str, str]) -> str:
    converters = rule._converters
    typed = {name: converters[name].to_python(value) for name, value in values.items()}
    built = rule.build(typed)
    assert built is not None, f"{rule.rule} could not be built from {values}"
    return built[1]


_OF_FAMILY: dict[str, Callable[[World], UUID | str]] = {
    "requests": lambda world: world.here.id,
    "projects": lambda world: world.place.id,
    "organizations": lambda world: world.people.organization.id,
    "imports": lambda world: world.waiting_import.id,
    "invitations": lambda world: world._invited[0].id,
    "api-keys": lambda world: world.key.id,
    "notifications": lambda world: world.notice.id,
    "users": lambda world: world.guest.id,
    "connections": lambda world: world.connection.id,
    "builds": lambda world: world.build.id,
    "deploys": lambda world: latest_deploy(world.served).id,
    "v1": lambda world: world.environment.id,
}
_NAMED: dict[str, Callable[[World], object]] = {
    "org": lambda world: world.people.organization.slug,
    "workspace": lambda world: world.place.slug,
    "name": lambda world: world.task.task.name,
    "version": lambda world: world.task.version,
    "task_id": lambda world: world.task.task_id,
    "environment_id": lambda world: world.environment.id,
    "organization": lambda world: world.people.organization.slug,
    "project": lambda world: world.place.slug,
    "number": lambda world: world.here.number,
    "organization_id": lambda world: world.people.organization.id,
    "link_id": lambda world: world._joinable[0].id,
    "invitation_id": lambda world: world._invited[0].id,
    "user_id": lambda world: world.guest.id,
    "thread_id": lambda world: world.thread.id,
    "label_id": lambda world: world.tag.id,
    "build_id": lambda world: world.built.id,
    "build_number": lambda world: world.build.number,
    "deploy_id": lambda world: world.replaced.id,
    "delivery_id": lambda world: world.delivery.id,
    "key_id": lambda world: world.key.id,
    "attachment_id": lambda world: world.picture.id,
    "notification_id": lambda world: world.notice.id,
    "sign_in_id": lambda world: world.sign_in.id,
    "share_id": lambda world: world.link.id,
    "code": lambda world: world.spec.code,
    "position": lambda _: 1,
    "rendering": lambda _: "agent.md",
    "project_id": lambda world: world.connected.id,
    "connection_id": lambda world: world.connection.id,
    "run_id": lambda world: world.waiting_run.id,
    "variable_id": lambda world: world.variable.id,
    "step_id": lambda world: world.step.id,
    "blocker_id": lambda world: world.blocker.id,
    "view_id": lambda world: world.view.id,
    "secret": lambda world: world.secret,
    "token": lambda world: world.secret,
    "preview_id": lambda world: world.pictured.id,
    "window": lambda _: "desktop",
    "part": lambda _: "feed",
    "status": lambda _: 404,
    "rest": lambda _: "info/refs",
    "filename": lambda _: "css/tokens.css",
}


# Addresses of the spec API, which its clients know without `/api`.
_OF_PROGRAMS = ("/fast-spec", "/deep-spec", "/spec-status", "/list-specs", "/find-specs", "/credits-balance")


class Caller:
    """Somebody who calls routes as a browser, as a program with a key, or as git does."""

    def __init__(self, app: Flask, people: People, user: User | None) -> None:
        self.app, self.people, self.user = app, people, user

    @cached_property
    def key(self) -> str | None:
        if self.user is None:
            return None
        is_stranger = self.user is self.people.eve
        organization = self.people.elsewhere if is_stranger else self.people.organization
        return self.people.key(self.user, organization=organization)

    def call(self, method: str, path: str, body: dict[str, Any]) -> TestResponse:
        if path.startswith(("/api/", "/mcp", *_OF_PROGRAMS)):
            return self._as_program(method, path, body)
        if ".git/" in path:
            return self._as_git(method, path)
        return Browser(self.app, self.user).send(method, path, data=body)

    def _as_program(self, method: str, path: str, body: dict[str, Any]) -> TestResponse:
        headers = {"Accept": "application/json, text/event-stream"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        kind = "data" if any(isinstance(value, tuple) for value in body.values()) else "json"
        sent = {kind: body} if method not in {"GET", "HEAD", "DELETE"} else {}
        return self.app.test_client().open(path, method=method, headers=headers, **sent)

    def _as_git(self, method: str, path: str) -> TestResponse:
        headers = {}
        if self.key:
            word = base64.b64encode(f"anybody:{self.key}".encode()).decode()
            headers["Authorization"] = f"Basic {word}"
        sent = (
            {"data": b"0000", "content_type": f"application/x-{path.rpartition('/')[2]}-request"}
            if method == "POST"
            else {}
        )
        return self.app.test_client().open(path, method=method, headers=headers, **sent)


CREDENTIALS = {"email": "ada@example.com", "password": PASSWORD}
