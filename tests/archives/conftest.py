"""An organization with something of everything, and archives of it."""

import io
import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

import pytest

from app.apps import operations as apps
from app.apps.models import DeployStatus, VariableType
from app.apps.queries import deploys_on_the_way, first_app
from app.archives import operations as archives
from app.archives.packing import Part
from app.core import jobs
from app.core.clock import now
from app.core.db import session, transaction
from app.core.files import Upload
from app.engine.repositories import Place
from app.interviews import operations as interviews
from app.organizations import operations as organizations
from app.organizations.models import Organization
from app.projects import operations as projects
from app.projects.models import Audience, Starter
from app.requests import operations as requests
from app.requests.models import ProductRequest, ReactionKind
from app.reviews import operations as reviews
from app.specs import operations as specs
from app.specs.models import SpecKind
from tests.support import road
from tests.support.pictures import PICTURE, drawing


@pytest.fixture
def olga(people):
    """The installation's admin, who belongs to no organization."""
    with transaction():
        olga = people.make("Olga Operator")
        olga.is_admin = True
    return olga


@pytest.fixture
def pack(people, tmp_path) -> Callable[..., bytes]:
    """Write an archive and return its bytes."""

    def write(organization: Organization | None = None, **part: Any) -> bytes:
        place = tmp_path / "archive.zip"
        whole = Part((organization or people.organization).id, **part)
        archives.write_export(whole, place, report=lambda _percent, _doing: None)
        return place.read_bytes()

    return write


@pytest.fixture
def take_in(olga) -> Callable[..., Organization]:
    """Bring an archive in, as the installation's admin."""

    def read(archive: bytes, *, by=None, **more: Any) -> Organization:
        made = archives.import_archive(io.BytesIO(archive), by=by or olga, **more)
        session.expire_all()
        return made

    return read


@pytest.fixture
def asked(people, bell) -> ProductRequest:
    """Rae's request in a project of Acme's, and nothing else."""
    return people.request(people.project(starter=Starter.EMPTY))


@pytest.fixture
def filled(people, bell) -> SimpleNamespace:
    """Acme with a project in which everything happened that leaves something behind, and nothing runs."""
    ada, bob, rae = people.ada, people.bob, people.rae
    organizations.set_logo(people.organization, Upload("logo.png", io.BytesIO(drawing())), by=ada)
    request = road.accepted_request(people)
    project = request.project
    label = requests.create_label(people.organization.id, by=ada, name="Office", color="#7a5af0")
    requests.add_label(request, label, by=rae)
    other = people.request(project, by=bob, title="Bigger letters")
    twin = people.request(project, by=bob, title="Larger letters")
    requests.merge_into(twin, other, by=bob)
    requests.wait_for(other, request, by=bob)
    requests.vote(other, by=rae)
    requests.change_step(requests.add_step(request, by=rae, text="Ask the shop"), by=rae, done=True)
    picture = requests.attach(request, [Upload("door.png", io.BytesIO(PICTURE))], by=rae)[0]
    said = requests.comment(request, by=rae, text=f"@Bob Builder look at {picture.url}")
    requests.react(request, ReactionKind.HEART, by=bob, reacted=True, to=said)
    interviews.start(other, by=bob)
    reviews.comment_on_lines(request, by=rae, place=Place("hours.html", 1, 1), text="Why?")
    reviews.create_pull_request(request, by=bob)
    requests.save_view(project, by=bob, name="Bugs", query="type=bug", is_shared=True)
    for name in ("TOKEN", "MODE"):
        projects.set_variable(
            project,
            by=ada,
            name=name,
            value=f"value-of-{name}",
            audience=Audience.PREVIEW,
            is_secret=name == "TOKEN",
        )
    for name, kind in (("APP_TOKEN", VariableType.SECRET), ("APP_MODE", VariableType.PLAIN)):
        apps.set_app_variable(first_app(project), by=ada, name=name, value=f"value-of-{name}", kind=kind)
    upload = Upload("idea.md", io.BytesIO(b"Guests can book a table."))
    spec = specs.ask_for_spec(
        people.organization, by=rae, project=project, kind=SpecKind.FAST, text="", upload=upload
    )
    jobs.perform(str(spec.run_id))
    projects.read_config(project.id)
    with transaction():
        for deploy in deploys_on_the_way(first_app(project)):
            deploy.status, deploy.ended_at = DeployStatus.CANCELLED, now()
    session.expire_all()
    return SimpleNamespace(
        project=project, request=request, other=other, twin=twin, label=label, picture=picture, said=said
    )


def lines_of(archive: bytes, kind: str) -> list[dict[str, Any]]:
    """Return the lines of a kind in an archive."""
    with ZipFile(io.BytesIO(archive)) as packed:
        return [json.loads(line) for line in packed.read(f"rows/{kind}.ndjson").splitlines()]
