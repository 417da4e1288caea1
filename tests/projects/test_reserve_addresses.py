"""A project never hides behind a page of its organization, nor the other way round."""

import pytest

from app.core.db import transaction
from app.core.errors import Conflict
from app.projects import operations
from app.projects.operations import RESERVED


def words_behind(app, first: str) -> set[str]:
    """Return the words that stand where a project's name would, as the routes have them."""
    found = (rule.rule.split("/")[1:] for rule in app.url_map.iter_rules())
    return {parts[1] for parts in found if parts[0] == first and len(parts) > 1 and "<" not in parts[1]}


class TestReserved:
    def test_is_every_page_of_an_organization(self, app):
        assert words_behind(app, "<organization>") - RESERVED == set(), "add it to RESERVED of projects"

    def test_sees_a_page(self, app):
        assert {"members", "settings", "specs"} <= words_behind(app, "<organization>")


class TestCreate:
    @pytest.mark.parametrize("slug", ["specs", "Members", "usage"])
    def test_refuses_such_an_address(self, people, api, slug):
        with transaction():
            people.ada.is_admin = True

        answer = api(
            "POST",
            "/admin/projects",
            people.key(people.ada),
            json={"organizationId": str(people.organization.id), "name": "Shop", "slug": slug},
        )

        assert answer.status_code == 409
        assert f"Greenroom itself needs the address /acme/{slug.lower()}." in answer.json["message"]

    def test_finds_another_one_for_such_a_name(self, people, browse):
        answer = browse(people.ada).post("/acme/projects/new", {"name": "Specs", "starter": "empty"})

        assert (answer.status_code, answer.location) == (303, "/acme/specs-project")
        assert browse(people.ada).get(answer.location).status_code == 200

    def test_leaves_what_only_begins_like_one(self, people):
        with pytest.raises(Conflict):
            operations.create_project(people.organization, by=people.ada, name="Shop", slug="labels")

        project = operations.create_project(people.organization, by=people.ada, name="Shop", slug="labels-2")
        assert project.slug == "labels-2"
