import pytest
from sqlalchemy import select

from app.core.db import session, transaction
from app.projects.models import Access, Project
from app.projects.queries import repository_of


@pytest.fixture
def installation_admin(people):
    with transaction():
        people.ada.is_admin = True
    return people.ada


class TestMakeProjectOnThePage:
    def test_offers_the_starters(self, people, browse):
        page = browse(people.ada).get("/acme/projects/new").text

        assert "Your first project" in page
        assert all(f'value="{starter}"' in page for starter in ("static", "flask", "vite", "react", "empty"))

    def test_makes_it_and_goes_to_its_board(self, people, browse):
        sent = {"name": "Website", "description": "Our site", "starter": "static", "access": "organization"}

        answer = browse(people.ada).post("/acme/projects/new", sent)

        project = session.scalars(select(Project)).one()
        assert (answer.status_code, answer.location) == (303, "/acme/website")
        assert "index.html" in repository_of(project).files("main")

    def test_names_its_maker_where_it_is_not_open_to_all(self, people, browse):
        browse(people.ada).post(
            "/acme/projects/new", {"name": "Secret", "starter": "empty", "access": "members"}
        )

        assert session.scalars(select(Project)).one().access is Access.MEMBERS
        assert "Secret" in browse(people.ada).get("/acme").text
        assert "Secret" not in browse(people.bob).get("/acme").text

    def test_shows_the_form_again_with_what_was_wrong(self, people, browse):
        answer = browse(people.ada).post("/acme/projects/new", {"name": "", "starter": "rails"})

        assert answer.status_code == 422
        assert "This is needed." in answer.text
        assert "Choose one of these." in answer.text

    def test_keeps_addresses_apart(self, people, browse):
        browser = browse(people.ada)

        first = browser.post("/acme/projects/new", {"name": "Settings", "starter": "empty"}).location
        second = browser.post("/acme/projects/new", {"name": "Settings", "starter": "empty"}).location

        assert first == "/acme/settings-project"
        assert second != first

    @pytest.mark.parametrize(("who", "status"), [("bob", 403), ("vic", 403), ("eve", 404)])
    def test_is_for_admins(self, people, browse, who, status):
        browser = browse(getattr(people, who))

        assert browser.get("/acme/projects/new").status_code == status
        assert browser.post("/acme/projects/new", {"name": "Mine", "starter": "empty"}).status_code == status


class TestMakeProjectByPrograms:
    def test_gives_all_that_the_contract_says(self, people, api, installation_admin):
        body = {
            "organizationId": str(people.organization.id),
            "name": "Shop",
            "slug": "shop",
            "starter": "flask",
        }

        answer = api("POST", "/admin/projects", people.key(people.ada), json=body)

        project = answer.json["data"]
        assert answer.status_code == 201
        assert {
            *("id", "organizationId", "name", "slug", "description", "access", "archived", "startPolicy"),
            *("repository", "appId", "createdAt", "updatedAt"),
        } <= set(project)
        assert project["repository"]["cloneUrl"] == "http://greenroom.test/acme/shop.git"
        assert project["repository"]["defaultBranch"] == "main"
        assert len(project["repository"]["headSha"]) == 40
        assert (project["startPolicy"], project["archived"], project["access"]) == (
            "developer",
            False,
            "organization",
        )

    def test_is_empty_by_default(self, people, api, installation_admin):
        body = {"organizationId": str(people.organization.id), "name": "Shop"}

        project = api("POST", "/admin/projects", people.key(people.ada), json=body).json["data"]

        assert project["repository"]["headSha"] is None

    @pytest.mark.parametrize(
        ("more", "status"),
        [
            ({"slug": "shop"}, 409),
            ({"starter": "rails"}, 422),
            ({"repositoryUrl": "https://example.com/x.git"}, 422),
            ({"name": ""}, 422),
        ],
    )
    def test_refuses(self, people, api, installation_admin, more, status):
        people.project("Shop")
        body = {"organizationId": str(people.organization.id), "name": "Other", **more}

        assert api("POST", "/admin/projects", people.key(people.ada), json=body).status_code == status

    def test_is_for_the_installations_admin_with_the_scope(self, people, api, installation_admin):
        body = {"organizationId": str(people.organization.id), "name": "Shop"}

        assert api("POST", "/admin/projects", people.key(people.bob), json=body).status_code == 403
        assert (
            api("POST", "/admin/projects", people.key(people.ada, "read", "write"), json=body).status_code
            == 403
        )

    def test_reaches_no_further_than_the_key(self, people, api, installation_admin):
        body = {"organizationId": str(people.elsewhere.id), "name": "Shop"}

        assert api("POST", "/admin/projects", people.key(people.ada), json=body).status_code == 404
