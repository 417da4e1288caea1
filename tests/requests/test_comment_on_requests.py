"""Comments: said, changed, taken back; whom they speak to, and how people react."""

import io

import pytest
from sqlalchemy import select

from app.core import db
from app.core.files import Upload
from app.notifications.queries import notifications_of
from app.organizations.models import Role
from app.projects import operations as projects
from app.projects.models import Access
from app.requests import operations as requests
from app.requests.models import Attachment, Mention, Reaction, ReactionKind
from app.requests.queries import mentioned_in, reactions_to, story_of
from tests.support.pictures import PICTURE


@pytest.fixture
def request_(people):
    return people.request()


@pytest.fixture
def said(people, request_):
    return requests.comment(request_, by=people.rae, text="In the **footer**, too?")


def told(user, kind: str) -> list[str]:
    return [each.text for each in db.session.scalars(notifications_of(user)) if each.kind == kind]


class TestSay:
    def test_gives_all_that_the_contract_says(self, people, request_, api):
        path = f"/requests/{request_.id}/comments"

        made = api("POST", path, people.key(people.rae), json={"content": "Ask @Bob, **please**"})

        comment = made.json["data"]
        assert made.status_code == 201
        assert comment["author"] == {"id": str(people.rae.id), "name": "Rae Requester"}
        assert comment["html"] == "<p>Ask <strong>@Bob</strong>, <strong>please</strong></p>"
        assert comment["mentions"] == [{"id": str(people.bob.id), "name": "Bob Builder"}]
        assert (comment["reactions"], comment["editedAt"], comment["version"]) == ([], None, 1)
        assert comment["updatedAt"] == comment["createdAt"]
        listed = api("GET", path, people.key(people.vic)).json
        assert (listed["data"], listed["meta"]["total"]) == ([comment], 1)
        assert api("GET", f"{path}/{comment['id']}", people.key(people.vic)).json["data"] == comment

    def test_is_one_stream_with_the_activity(self, people, request_, api):
        key = people.key(people.rae)
        api("POST", f"/requests/{request_.id}/activity", key, json={"text": "From the one side"})
        api("POST", f"/requests/{request_.id}/comments", key, json={"content": "From the other"})

        comments = api("GET", f"/requests/{request_.id}/comments", key).json["data"]
        activity = api("GET", f"/requests/{request_.id}/activity?limit=2", key).json["data"]

        assert [each["content"] for each in comments] == ["From the one side", "From the other"]
        assert [each["text"] for each in activity] == ["From the other", "From the one side"]

    def test_cannot_run_anything(self, people, request_, api):
        body = {"content": "<script>alert(1)</script> [x](javascript:alert(1))"}

        made = api("POST", f"/requests/{request_.id}/comments", people.key(people.rae), json=body)

        assert "<script" not in made.json["data"]["html"]
        assert "href=" not in made.json["data"]["html"]

    @pytest.mark.parametrize("content", ["", "   ", "x" * 20_001])
    def test_needs_words(self, people, request_, api, content):
        path = f"/requests/{request_.id}/comments"

        answer = api("POST", path, people.key(people.rae), json={"content": content})

        assert (answer.status_code, answer.json["errors"][0]["loc"]) == (422, ["body", "content"])
        assert api("GET", path, people.key(people.rae)).json["data"] == []

    @pytest.mark.parametrize(("who", "status"), [("vic", 403), ("eve", 404)])
    def test_is_for_requesters(self, people, request_, api, who, status):
        key = people.key(getattr(people, who), organization=people.elsewhere if who == "eve" else None)

        assert (
            api("POST", f"/requests/{request_.id}/comments", key, json={"content": "x"}).status_code == status
        )


class TestChange:
    def test_keeps_that_it_was_changed(self, people, said, api):
        path = f"/requests/{said.request_id}/comments/{said.id}"

        answer = api("PATCH", path, people.key(people.rae), json={"content": "In the head", "version": 1})

        changed = answer.json["data"]
        assert (answer.status_code, changed["content"], changed["version"]) == (200, "In the head", 2)
        assert changed["updatedAt"] == changed["editedAt"] is not None
        assert said.text == "In the head"

    def test_is_no_change_where_the_words_are_the_same(self, people, said):
        requests.change_comment(said, by=people.rae, text=said.text)

        assert (said.edited_at, said.version) == (None, 1)

    def test_overwrites_nobody(self, people, said, api):
        path, key = f"/requests/{said.request_id}/comments/{said.id}", people.key(people.rae)
        api("PATCH", path, key, json={"content": "First", "version": 1})

        late = api("PATCH", path, key, json={"content": "Second", "version": 1})

        assert (late.status_code, late.json["type"]) == (409, "conflict")
        assert "It says now: First" in late.json["message"]
        assert said.text == "First"

    @pytest.mark.parametrize(("who", "status"), [("ada", 403), ("bob", 403), ("vic", 403), ("eve", 404)])
    def test_is_for_who_said_it(self, people, said, api, who, status):
        key = people.key(getattr(people, who), organization=people.elsewhere if who == "eve" else None)
        path = f"/requests/{said.request_id}/comments/{said.id}"

        assert api("PATCH", path, key, json={"content": "Not mine"}).status_code == status
        assert said.text == "In the **footer**, too?"

    def test_finds_a_comment_only_on_its_request(self, people, said, api):
        other = people.request(said.request.project)

        filed = story_of(said.request)[-1]  # an entry of the feed that is no comment

        for path in (f"{other.id}/comments/{said.id}", f"{said.request_id}/comments/{filed.id}"):
            answer = api("PATCH", f"/requests/{path}", people.key(people.rae), json={"content": "x"})
            assert answer.status_code == 404
        assert filed.text == "asked for this"


class TestTakeBack:
    def test_leaves_only_that_something_was_said(self, people, said, api):
        request, key = said.request, people.key(people.rae)
        requests.attach(request, [Upload("door.png", io.BytesIO(PICTURE))], by=people.rae, to=said)
        requests.react(request, ReactionKind.HEART, by=people.bob, reacted=True, to=said)

        answer = api("DELETE", f"/requests/{request.id}/comments/{said.id}", key)

        assert answer.status_code == 204
        assert api("GET", f"/requests/{request.id}/comments", key).json["data"] == []
        assert api("GET", f"/requests/{request.id}/comments/{said.id}", key).status_code == 404
        entry = api("GET", f"/requests/{request.id}/activity?limit=1", key).json["data"][0]
        assert (entry["id"], entry["text"]) == (str(said.id), "")
        assert entry["removedAt"] is not None
        assert [db.session.scalars(select(kind)).first() for kind in (Attachment, Reaction)] == [None, None]

    def test_takes_back_what_was_told_of_it(self, people, request_):
        said = requests.comment(request_, by=people.rae, text="@Bob, the code is 4711")
        assert told(people.bob, "mentioned") != []

        requests.remove_comment(said, by=people.rae)

        assert told(people.bob, "mentioned") == []

    @pytest.mark.parametrize(("who", "status"), [("ada", 204), ("bob", 403), ("vic", 403), ("eve", 404)])
    def test_is_for_who_said_it_and_admins(self, people, said, api, who, status):
        key = people.key(getattr(people, who), organization=people.elsewhere if who == "eve" else None)

        answer = api("DELETE", f"/requests/{said.request_id}/comments/{said.id}", key)

        assert answer.status_code == status
        assert (said.text == "") == (status == 204)


class TestSpeakTo:
    @pytest.mark.parametrize(
        "text",
        [
            "@Bob Builder, please",
            "please (@bob  builder)",
            "Hi @Bob!",
            "@bob@example.com",
            "- one\n- **@Bob**",
        ],
    )
    def test_tells_who_is_spoken_to(self, people, request_, text):
        said = requests.comment(request_, by=people.rae, text=text)

        assert [each.id for each in mentioned_in([said.id])[said.id]] == [people.bob.id]
        [notice] = [
            each for each in db.session.scalars(notifications_of(people.bob)) if each.kind == "mentioned"
        ]
        assert notice.text.startswith("Rae Requester spoke to you on #1 Show opening hours: “")
        assert (notice.path, notice.needs_you) == (f"{request_.path}#entry-{said.id}", False)

    @pytest.mark.parametrize(
        "text", ["Bob", "mail@bob", "`@Bob`", "```\n@Bob\n```", "@Bobby", "@bob.smith", "@bob-cat", "@Bob@x"]
    )
    def test_does_not_guess(self, people, request_, text):
        said = requests.comment(request_, by=people.rae, text=text)

        assert mentioned_in([said.id]) == {}
        assert told(people.bob, "mentioned") == []

    def test_speaks_to_nobody_by_a_name_that_two_have(self, people, request_):
        other, twin, second = (
            people.make(name, role=Role.DEVELOPER) for name in ("Bob2 Baker", "Sam Same", "Sam2 Same")
        )
        with db.transaction():
            other.name, second.name = "Bob Baker", "Sam Same"

        requests.comment(
            request_, by=people.rae, text="@Bob and @Bob Baker and @Sam Same and @sam2@example.com"
        )

        spoken = {each.user_id for each in db.session.scalars(select(Mention)).unique()}
        assert spoken == {other.id, second.id}
        assert told(twin, "mentioned") == told(people.bob, "mentioned") == []

    def test_tells_once_however_often_it_is_changed(self, people, request_):
        said = requests.comment(request_, by=people.rae, text="@Bob?")

        requests.change_comment(said, by=people.rae, text="Nobody?")
        requests.change_comment(said, by=people.rae, text="@Bob? @Vic?")

        assert len(told(people.bob, "mentioned")) == len(told(people.vic, "mentioned")) == 1
        assert {each.id for each in mentioned_in([said.id])[said.id]} == {people.bob.id, people.vic.id}

    def test_never_tells_who_cannot_see_it(self, people, request_):
        projects.edit_project(request_.project, by=people.ada, access=Access.MEMBERS)

        said = requests.comment(request_, by=people.ada, text="@Bob Builder @Vic @Eve Elsewhere @Ada")

        assert [each.id for each in mentioned_in([said.id])[said.id]] == [people.ada.id]
        assert [told(one, "mentioned") for one in (people.bob, people.vic, people.eve, people.ada)] == [
            [], [], [], [],
        ]  # fmt: skip


class TestReact:
    def test_counts_each_person_once_with_each_kind(self, people, said, api):
        request, path = said.request, f"/requests/{said.request_id}/comments/{said.id}/reactions"
        body = {"kind": "heart", "reacted": True}

        for _ in range(2):
            answer = api("PUT", path, people.key(people.bob), json=body)
        api("PUT", path, people.key(people.ada), json=body)
        api("PUT", path, people.key(people.ada), json={"kind": "eyes", "reacted": True})
        gone = api("PUT", path, people.key(people.bob), json={"kind": "heart", "reacted": False})

        assert answer.json["data"] == [
            {
                "kind": "heart",
                "emoji": "❤️",
                "count": 1,
                "people": [{"id": str(people.bob.id), "name": "Bob Builder"}],
            }
        ]
        assert [(each["kind"], each["count"]) for each in gone.json["data"]] == [("heart", 1), ("eyes", 1)]
        comment = api("GET", f"/requests/{request.id}/comments/{said.id}", people.key(people.vic)).json[
            "data"
        ]
        assert comment["reactions"] == gone.json["data"]

    def test_is_kept_apart_from_the_request_s_own(self, people, said, api):
        path, key = f"/requests/{said.request_id}/reactions", people.key(people.bob)

        for _ in range(2):
            answer = api("PUT", path, key, json={"kind": "thumbs_up", "reacted": True})

        assert [each["count"] for each in answer.json["data"]] == [1]
        assert api("GET", path, people.key(people.vic)).json["data"] == answer.json["data"]
        assert list(reactions_to(said.request)) == [None]

    def test_takes_a_few_kinds_only(self, people, said, api):
        path = f"/requests/{said.request_id}/reactions"

        answer = api("PUT", path, people.key(people.bob), json={"kind": "poop", "reacted": True})

        assert answer.status_code == 422
        assert reactions_to(said.request) == {}

    @pytest.mark.parametrize(("who", "status"), [("vic", 403), ("eve", 404)])
    @pytest.mark.parametrize("to", ["", "/comments/{}"])
    def test_is_for_requesters(self, people, said, api, who, status, to):
        key = people.key(getattr(people, who), organization=people.elsewhere if who == "eve" else None)
        path = f"/requests/{said.request_id}{to.format(said.id)}/reactions"

        assert api("PUT", path, key, json={"kind": "heart", "reacted": True}).status_code == status
        assert db.session.scalars(select(Reaction)).first() is None
