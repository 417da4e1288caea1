"""Somebody exports an organization and brings it in again: it is the same."""

import re

import pytest
from sqlalchemy import select

from app.accounts.models import User
from app.apps.models import App
from app.apps.queries import first_app, variables_of
from app.archives.kinds import KINDS
from app.core.db import session, transaction
from app.core.errors import NotAllowed
from app.organizations.models import Organization, Role
from app.organizations.permissions import role_in
from app.projects.models import Project, ProjectVariable, Starter
from app.projects.queries import repository_of
from app.requests.models import Activity, Attachment, ProductRequest
from app.requests.queries import all_requests_of
from app.specs.models import Spec
from tests.archives.conftest import lines_of
from tests.support.pictures import PICTURE

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z]+_[0-9a-z]{26}|\b[0-9a-f]{24}\b")
# What names a place in one installation, and how often a row was touched.
ASIDE = {"slug", "host_label", "handle", "updated_at", "version"}


def content(archive: bytes, slug: str) -> dict[str, list[str]]:
    """Return what an archive says, without ids and the names of places."""
    found = {}
    for kind in KINDS:
        rows = [
            repr({name: value for name, value in row.items() if name not in ASIDE})
            for row in lines_of(archive, kind.name)
        ]
        found[kind.name] = sorted(_ID.sub("…", row).replace(f"/{slug}/", "/…/") for row in rows)
    return found


def _project(organization: Organization) -> Project:
    return session.scalars(select(Project).where(Project.organization_id == organization.id)).one()


def _feed(request: ProductRequest) -> list[str]:
    query = select(Activity.text).where(Activity.request_id == request.id).order_by(Activity.id)
    return [re.sub(r"http\S+/files/\S+", "picture", text) for text in session.scalars(query)]


@pytest.fixture
def ada(people) -> User:
    """Ada, who runs the installation as well."""
    with transaction():
        people.ada.is_admin = True
    return people.ada


class TestTheRoundTrip:
    def test_keeps_everything(self, people, ada, filled, pack, take_in):
        before = pack()

        made = take_in(before, by=ada)

        again = content(pack(made), made.slug)
        assert again == content(before, people.organization.slug)
        assert {name for name, rows in again.items() if not rows} <= {"project_members"}

    def test_ties_what_belongs_together_and_keeps_numbers(self, people, filled, pack, take_in):
        made = take_in(pack())

        project = _project(made)
        first, second, third = sorted(all_requests_of(project), key=lambda each: each.number)
        assert [each.number for each in (first, second, third)] == [1, 2, 3]
        assert project.last_number == 3
        assert third.duplicate_of_id == second.id
        assert [each.id for each in second.blockers] == [first.id]
        assert [label.name for label in first.labels] == ["Office"]
        assert first.labels[0].id != filled.label.id
        assert _feed(first) == _feed(filled.request)

    def test_brings_the_repository_and_files_to_addresses_that_are_free(self, people, filled, pack, take_in):
        made = take_in(pack())

        project = _project(made)
        theirs, ours = repository_of(filled.project), repository_of(project)
        assert ours.path != theirs.path
        assert ours.branches() == theirs.branches()
        assert ours.blob(filled.request.branch_name, "hours.html") == b"<p>9 to 5</p>"
        picture = (
            session.scalars(select(Attachment).where(Attachment.project_id == project.id)).unique().one()
        )
        assert picture.place.read_bytes() == PICTURE
        said = select(Activity.text).where(Activity.request_id == picture.request_id)
        assert f"@Bob Builder look at {picture.url}" in session.scalars(said).all()
        app = session.scalars(select(App).where(App.project_id == project.id)).one()
        assert made.slug != people.organization.slug
        assert project.slug == filled.project.slug
        assert app.handle == project.host_label != filled.project.host_label
        assert project.app_id == app.id

    def test_is_called_as_was_asked(self, people, asked, pack, take_in):
        made = take_in(pack(), name="Acme again", slug="again")

        assert (made.name, made.slug) == ("Acme again", "again")

    def test_of_one_project_has_that_alone(self, people, asked, pack, take_in):
        people.request(people.project("Other", starter=Starter.EMPTY), title="Elsewhere")

        archive = pack(project_id=asked.project_id)

        assert [row["name"] for row in lines_of(archive, "projects")] == ["Website"]
        assert [row["title"] for row in lines_of(archive, "requests")] == ["Show opening hours"]
        assert [each.number for each in all_requests_of(_project(take_in(archive)))] == [1]


class TestPeople:
    def test_are_known_by_their_e_mail(self, people, olga, asked, pack, take_in):
        made = take_in(pack())

        assert role_in(people.rae, made.id) is Role.REQUESTER
        assert role_in(olga, made.id) is Role.ADMIN
        assert all_requests_of(_project(made))[0].requester == people.rae

    def test_without_an_account_get_one_that_is_shut(self, people, asked, pack, take_in):
        archive = pack()
        with transaction():
            people.rae.email = "elsewhere@example.com"

        made = take_in(archive)

        rae = all_requests_of(_project(made))[0].requester
        assert (rae.name, rae.email) == ("Rae Requester", "rae@example.com")
        assert rae.id != people.rae.id
        assert not rae.is_active
        assert rae.password_hash is None
        assert role_in(rae, made.id) is Role.REQUESTER

    def test_of_another_installation_administer_nothing_here(self, people, ada, asked, pack, take_in, olga):
        archive = pack()
        with transaction():
            people.ada.email, people.ada.is_admin = "elsewhere@example.com", False

        take_in(archive)

        stand_in = session.scalars(select(User).where(User.email == "ada@example.com")).one()
        assert not stand_in.is_admin

    @pytest.mark.parametrize("who", ["ada", "bob", "eve"])
    def test_who_do_not_run_the_installation_bring_nothing_in(self, people, asked, pack, take_in, who):
        archive = pack()

        with pytest.raises(NotAllowed):
            take_in(archive, by=getattr(people, who))

        assert len(session.scalars(select(Organization)).all()) == 2


class TestSecrets:
    def test_stay_where_they_are(self, people, filled, pack, take_in):
        key = people.key(people.ada)
        archive = pack()

        made = take_in(archive)

        everything = "".join(str(lines_of(archive, kind.name)) for kind in KINDS)
        codes = {spec.organization_id: spec.code for spec in session.scalars(select(Spec))}
        for secret in (
            "value-of-TOKEN",
            "value-of-APP_TOKEN",
            people.ada.password_hash,
            key,
            codes[people.organization.id],
        ):
            assert secret not in everything
        variables = select(ProjectVariable).where(ProjectVariable.project_id == _project(made).id)
        values = {each.name: each.value for each in session.scalars(variables)}
        of_app = {each.name: each.value for each in variables_of(first_app(_project(made)))}
        assert values == {"TOKEN": None, "MODE": "value-of-MODE"}
        assert of_app == {"APP_TOKEN": None, "APP_MODE": "value-of-APP_MODE"}
        assert len(codes[made.id]) > 10
        assert codes[made.id] != codes[people.organization.id]
