import io

import pytest

from app.admin import operations
from app.core.db import session, transaction
from app.core.errors import Conflict, NotAllowed
from app.engine.routes import Route
from app.organizations.models import Limits, Organization, Role
from app.organizations.permissions import role_in
from app.previews.operations import settle_branches
from app.projects.models import Project
from app.requests.models import ProductRequest
from tests.support.pictures import drawing
from tests.support.road import reviewed_request

BASE = "/admin/organizations"


@pytest.fixture
def olga(people):
    """Who administers the installation and belongs to no organization."""
    with transaction():
        user = people.make("Olga Operator")
        user.is_admin = True
    return user


def until_gone(organization_id, bell):
    """Do what the schedule and the workers would."""
    for _ in range(5):
        bell.work(300)
        if session.get(Organization, organization_id, populate_existing=True) is None:
            return
        settle_branches()
        operations.go_on_deleting()
    raise AssertionError("the organization did not go")


class TestPages:
    def test_lists_and_finds_all(self, people, olga, browse):
        browser = browse(olga)

        every, one = browser.get(BASE).text, browser.get(f"{BASE}?q=ELSE").text

        assert "Acme" in every
        assert "Elsewhere" in every
        assert 'data-label="Members" class="table__number">4<' in every
        assert "Elsewhere" in one
        assert "/acme" not in one

    def test_makes_one(self, people, olga, browse):
        answer = browse(olga).post(BASE, {"name": "Third House", "slug": "third"})

        made = session.query(Organization).filter_by(slug="third").one()
        assert answer.location == f"{BASE}/{made.id}"
        assert role_in(olga, made.id) is Role.ADMIN

    def test_says_that_an_address_is_taken(self, people, olga, browse):
        answer = browse(olga).post(BASE, {"name": "Another", "slug": "acme"})

        assert answer.status_code == 422
        assert "is taken" in answer.text
        assert 'value="Another"' in answer.text

    def test_changes_name_address_and_limits(self, people, olga, browse):
        place, browser = f"{BASE}/{people.organization.id}", browse(olga)

        assert browser.post(place, {"name": "Acme Ltd", "slug": "acme-ltd"}).location == place
        assert browser.post(f"{place}/limits", {"requests_per_month": "9"}).location == place
        assert browser.post(f"{place}/limits", {"requests_per_month": "x"}).status_code == 422

        kept = session.get(Organization, people.organization.id, populate_existing=True)
        assert (kept.name, kept.slug, kept.limits) == ("Acme Ltd", "acme-ltd", Limits(9))

    def test_deletes_only_what_is_named(self, people, olga, browse):
        place = f"{BASE}/{people.organization.id}/deletion"

        answer = browse(olga).post(place, {"name": "acme"})

        assert answer.status_code == 422
        assert "Write the name as it stands: Acme" in answer.text
        assert role_in(people.bob, people.organization.id) is Role.DEVELOPER

    def test_stands_among_the_pages_of_the_administration(self, people, olga, browse):
        assert BASE in browse(olga).get("/admin").text
        assert browse(people.ada).get("/admin").status_code == 403


class TestDelete:
    def test_takes_everything_of_it_and_nothing_else(self, people, olga, bell, browse):
        request = reviewed_request(people)
        bell.work(300)
        project, organization_id = request.project, people.organization.id
        project_id, repository = project.id, project.repository_path

        answer = browse(olga).post(f"{BASE}/{organization_id}/deletion", {"name": "Acme"})

        assert answer.location == f"{BASE}#organizations"
        assert browse(people.ada).get("/acme").status_code == 404
        assert "Being deleted" in browse(olga).get(BASE).text
        until_gone(organization_id, bell)
        assert session.query(Project).count() == session.query(ProductRequest).count() == 0
        assert session.query(Route).filter_by(project_id=project_id).count() == 0
        assert not repository.exists()
        assert role_in(people.eve, people.elsewhere.id) is Role.ADMIN
        assert browse(people.ada).get("/").status_code == 200

    def test_waits_for_what_still_runs(self, people, olga, bell):
        request = reviewed_request(people)
        project_id = request.project_id

        operations.delete_organization(people.organization, by=olga, name="Acme")
        operations.clear_organization(people.organization.id)

        assert session.get(Project, project_id, populate_existing=True).is_archived
        until_gone(people.organization.id, bell)

    def test_changes_nothing_more_of_it(self, people, olga):
        operations.delete_organization(people.organization, by=olga, name="Acme")

        with pytest.raises(Conflict):
            operations.edit_organization(people.organization, by=olga, name="Acme again")

    def test_is_not_for_its_own_admin(self, people):
        with pytest.raises(NotAllowed):
            operations.delete_organization(people.organization, by=people.ada, name="Acme")
        assert people.organization.leaving_since is None

    def test_ends_keys(self, people, olga, api):
        key = people.key(people.bob)

        operations.delete_organization(people.organization, by=olga, name="Acme")

        assert api("GET", "/users/me", key).status_code == 401


class TestByPrograms:
    @pytest.fixture
    def key(self, people):
        with transaction():
            people.eve.is_admin = True
        return people.key(people.eve, organization=people.elsewhere)

    def test_walks_the_whole_way(self, people, api, key):
        made = api("POST", BASE, key, json={"name": "Third", "limits": {"requestsPerMonth": 3}})
        place = f"{BASE}/{made.json['data']['id']}"
        changed = api("PUT", place, key, json={"slug": "third-house"})
        listed = api("GET", f"{BASE}?q=third", key)
        deleted = api("DELETE", place, key)

        assert made.status_code == 201
        assert made.json["data"]["limits"]["requestsPerMonth"] == 3
        assert changed.json["data"]["slug"] == "third-house"
        assert (listed.json["meta"]["total"], listed.json["data"][0]["members"]) == (1, 1)
        assert deleted.status_code == 200
        assert api("GET", place, key).status_code == 404

    def test_puts_a_logo_up_and_takes_it_down(self, people, api, key):
        place = f"{BASE}/{people.organization.id}/logo"

        put = api("POST", place, key, data={"logo": (io.BytesIO(drawing()), "logo.png")})
        assert put.json["data"]["logoUrl"].startswith("http://greenroom.test/acme/logo?v=")
        assert session.get(Organization, people.organization.id).logo_digest

        assert api("POST", place, key, data={}).status_code == 422
        assert api("DELETE", place, key).json["data"]["logoUrl"] is None

    def test_needs_the_scope_and_the_person(self, people, api):
        with transaction():
            people.eve.is_admin = True
        weak = people.key(people.eve, "read", "write", organization=people.elsewhere)

        assert api("GET", BASE, weak).status_code == 403
        assert api("GET", BASE, people.key(people.ada)).status_code == 403
        assert api("POST", BASE, people.key(people.ada), json={"name": "Mine"}).status_code == 403
        assert session.query(Organization).count() == 2

    def test_says_what_is_missing(self, people, api, key):
        assert api("POST", BASE, key, json={}).status_code == 422
        assert api("POST", BASE, key, json={"name": "Another", "slug": "acme"}).status_code == 409
