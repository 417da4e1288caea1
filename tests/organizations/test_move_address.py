import pytest

from app.core.db import session
from app.core.errors import Conflict
from app.organizations import operations
from app.organizations.models import FormerSlug, Organization


def move(people, slug):
    operations.edit_organization(people.organization, by=people.ada, slug=slug)


class TestMove:
    def test_changes_name_and_address(self, people, browse):
        answer = browse(people.ada).post("/acme/settings", {"name": "Acme Ltd", "slug": "Acme-Ltd"})

        kept = session.get(Organization, people.organization.id, populate_existing=True)
        assert (answer.status_code, answer.location) == (303, "/acme-ltd/settings")
        assert (kept.name, kept.slug) == ("Acme Ltd", "acme-ltd")

    def test_leads_on_from_the_address_before(self, people, browse):
        project = people.project()
        move(people, "acme-ltd")
        browser = browse(people.rae)

        answer = browser.get(f"/acme/{project.slug}?type=bug")

        assert (answer.status_code, answer.location) == (302, f"/acme-ltd/{project.slug}?type=bug")
        assert browser.post(f"/acme/{project.slug}/requests", {"title": "More light"}).status_code == 303
        assert browse(people.eve).get("/acme").status_code == 404

    def test_lets_clones_go_on(self, people, app):
        project = people.project()
        move(people, "acme-ltd")
        client = app.test_client()

        address = f"/acme/{project.slug}.git/info/refs?service=git-upload-pack"
        with client.get(address, auth=("any", people.key(people.rae))) as answer:
            assert answer.status_code == 200
            assert b"refs/heads/main" in answer.data

    def test_can_go_back(self, people, browse):
        move(people, "acme-ltd")
        move(people, "acme")

        assert browse(people.ada).get("/acme-ltd/members").location == "/acme/members"
        assert session.query(FormerSlug).count() == 1

    def test_keeps_the_address_before_from_others(self, people):
        move(people, "acme-ltd")

        with pytest.raises(Conflict):
            operations.edit_organization(people.elsewhere, by=people.eve, slug="acme")
        assert operations.create_organization("Acme", by=people.eve).slug != "acme"

    @pytest.mark.parametrize(
        ("slug", "said"),
        [
            ("two words", "single hyphens"),
            ("-acme", "single hyphens"),
            ("a" * 41, "at most 40"),
            ("settings", "Greenroom itself needs"),
            ("elsewhere", "is taken"),
        ],
    )
    def test_says_what_is_wrong_with_an_address(self, people, browse, slug, said):
        answer = browse(people.ada).post("/acme/settings", {"name": "Acme", "slug": slug})

        assert answer.status_code == 422
        assert said in answer.text
        assert f'value="{slug}"' in answer.text
        assert session.get(Organization, people.organization.id, populate_existing=True).slug == "acme"

    @pytest.mark.parametrize(("who", "status"), [("bob", 403), ("eve", 404)])
    def test_is_for_admins(self, people, api, who, status):
        key = people.key(getattr(people, who), organization=people.elsewhere if who == "eve" else None)

        answer = api("PUT", f"/organizations/{people.organization.id}", key, json={"slug": "mine"})

        assert answer.status_code == status


class TestByPrograms:
    def test_says_how_an_organization_looks(self, people, api):
        answer = api("GET", f"/organizations/{people.organization.id}", people.key(people.vic))

        assert set(answer.json["data"]) == {
            *("id", "name", "slug", "role", "logoUrl", "limits", "createdAt", "updatedAt")
        }

    def test_says_that_an_address_is_taken(self, people, api):
        address = f"/organizations/{people.organization.id}"

        answer = api("PUT", address, people.key(people.ada), json={"slug": "elsewhere"})

        assert (answer.status_code, answer.json["type"]) == (409, "conflict")


class TestSwitch:
    def test_leads_to_each_of_ones_organizations(self, people, browse):
        operations.create_organization("Second Home", by=people.ada)

        page = browse(people.ada).get("/acme/members").text

        assert 'href="/second-home"' in page.partition("Organizations</p>")[2][:1500]

    def test_is_not_there_with_one_alone(self, people, browse):
        assert "Organizations</p>" not in browse(people.bob).get("/acme/members").text
