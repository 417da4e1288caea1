"""The first choice: look around, begin with a starter, or push what one has."""

import re

from app.accounts.operations import user_of_key
from app.accounts.queries import keys_of
from app.core.db import session


class TestBegin:
    def test_there_are_three_ways(self, people, browse):
        page = browse(people.ada).get("/acme/begin").text

        assert 'action="/acme/demo"' in page
        assert 'href="/acme/projects/new"' in page
        assert 'action="/acme/begin"' in page

    def test_only_who_makes_projects_chooses(self, people, browse):
        for user, status in ((people.bob, 403), (people.rae, 403), (people.vic, 403), (people.eve, 404)):
            assert browse(user).get("/acme/begin").status_code == status
            assert browse(user).post("/acme/begin", {"name": "Shop"}).status_code == status


class TestBringRepository:
    def test_the_commands_are_exact_and_their_key_works_and_is_shown_once(self, people, browse):
        browser = browse(people.ada)

        answer = browser.post("/acme/begin", {"name": "Old shop"})

        assert answer.status_code == 201
        found = re.search(r"git remote add greenroom http://me:(gr_\w[\w-]*)@(\S+)", answer.text)
        assert found[2] == "greenroom.test/acme/old-shop.git"
        assert "git push greenroom HEAD:main" in answer.text
        owner, scopes = user_of_key(found[1])
        assert (owner.email, scopes) == ("ada@example.com", {"read", "write"})
        assert [key.name for key in session.scalars(keys_of(people.ada)).unique()] == ["git for Old shop"]
        assert found[1] not in browser.get("/acme/begin").text

    def test_without_a_name_nothing_is_made(self, people, browse):
        answer = browse(people.ada).post("/acme/begin", {"name": " "})

        assert answer.status_code == 422
        assert session.scalars(keys_of(people.ada)).unique().all() == []
