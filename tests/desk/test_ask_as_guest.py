"""Wishes of people without an account: asked for, sorted out, and nothing of the house shown."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core.clock import now
from app.core.db import session, transaction
from app.core.errors import Conflict, NotAllowed, TooMany
from app.core.secrets import digest
from app.notifications.models import Notification
from app.projects import operations as projects
from app.requests import operations as requests
from app.requests.models import ProductRequest, RequestStatus, TurnRole, WorkflowAction
from app.requests.operations import intake
from app.requests.queries import intake_of, requested_by, story_of
from app.web.limits import limiter

WISH = {"title": "Show when you are open", "description": "On **Sundays**, too", "name": "Gil Guest"}


@pytest.fixture
def project(people):
    return people.project()


@pytest.fixture
def address(people, project) -> str:
    _, url = requests.open_intake(project, by=people.ada)
    return url.removeprefix("http://greenroom.test")


@pytest.fixture(autouse=True)
def uncounted():
    """Let the wishes of each test be the first."""
    limiter.reset()


def wishes(project) -> list[ProductRequest]:
    return list(
        session.scalars(select(ProductRequest).where(ProductRequest.project_id == project.id)).unique()
    )


@pytest.fixture
def wish(project, address, browse) -> ProductRequest:
    assert browse().post(address, WISH).status_code == 303
    return wishes(project)[0]


class TestLink:
    def test_is_shown_once_and_kept_as_a_hash(self, people, project, browse):
        made = browse(people.ada).post(f"{project.path}/intake", {"lasting": "month"})

        secret = made.text.partition("http://greenroom.test/intake/")[2].partition('"')[0]
        link = intake_of(project)
        assert made.status_code == 201
        assert link.digest == digest(secret)
        assert timedelta(days=29) < link.expires_at - now() <= timedelta(days=30)
        assert secret not in browse(people.ada).get(f"{project.path}/intake").text

    def test_is_made_and_closed_by_admins(self, people, project):
        for person in (people.bob, people.rae, people.vic):
            with pytest.raises(NotAllowed):
                requests.open_intake(project, by=person)
            with pytest.raises(NotAllowed):
                requests.close_intake(project, by=person)
        assert intake_of(project) is None

    def test_leads_nowhere_once_there_is_a_new_one(self, people, project, address, browse):
        _, fresh = requests.open_intake(project, by=people.ada)

        assert browse().get(address).status_code == 404
        assert browse().get(fresh.removeprefix("http://greenroom.test")).status_code == 200

    def test_leads_nowhere_once_it_is_closed_or_over_or_the_project_rests(
        self, people, project, address, browse
    ):
        with transaction():
            intake_of(project).expires_at = now()
        assert browse().get(address).status_code == 404
        with transaction():
            intake_of(project).expires_at = None
        assert browse().get(address).status_code == 200
        projects.archive_project(project, by=people.ada)
        assert browse().post(address, WISH).status_code == 404
        projects.restore_project(project, by=people.ada)
        assert browse(people.ada).post(f"{project.path}/intake/closure").status_code == 303
        assert browse().get(address).status_code == 404
        assert wishes(project) == []

    def test_is_made_and_closed_by_the_api(self, people, project, api):
        key, path = people.key(people.ada), f"/projects/{project.id}/intake"

        assert api("GET", path, key).json["data"]["open"] is False
        made = api("POST", path, key, json={"lasting": "year"})
        read = api("GET", path, key).json["data"]

        assert (made.status_code, made.json["data"]["url"][:29]) == (201, "http://greenroom.test/intake/")
        assert (read["open"], read["url"]) == (True, None)
        assert api("DELETE", path, key).status_code == 204
        assert intake_of(project) is None


class TestGuest:
    def test_sees_the_name_of_the_project_and_nothing_else(self, people, project, address, browse):
        people.request(project, title="A secret plan")

        page = browse().get(address).text + browse().get(f"{address}/thanks").text

        assert "What do you need from Website?" in page
        for word in ("Acme", "acme", "Ada", "A secret plan", str(project.id)):
            assert word not in page

    def test_files_a_draft_that_developers_sort_out(self, people, project, wish):
        assert (wish.title, wish.status) == ("Show when you are open", RequestStatus.DRAFT)
        assert (wish.guest_name, wish.guest_email, wish.needs_sorting) == ("Gil Guest", None, True)
        assert (wish.turn_role, wish.turn_user) == (TurnRole.DEVELOPER, None)
        assert wish.open_actions == [WorkflowAction.CANCEL]
        assert story_of(wish, 1)[0].text == "Gil Guest, a guest, asked for this."
        told = session.scalars(select(Notification).where(Notification.user_id == people.bob.id)).all()
        assert [(each.kind, each.needs_you) for each in told] == [("guest", True)]
        assert wish not in session.scalars(requested_by(people.ada)).unique().all()

    def test_is_thanked(self, address, browse):
        answer = browse().post(address, WISH | {"email": "gil@example.com"})

        assert (answer.status_code, answer.location) == (303, f"{address}/thanks")
        assert "Thank you" in browse().get(answer.location).text

    @pytest.mark.parametrize(
        ("sent", "words"),
        [
            ({"title": ""}, "This is needed."),
            ({"name": ""}, "This is needed."),
            ({"title": "x" * 201}, "at most 200"),
            ({"description": "x" * 5001}, "at most 5000"),
            ({"email": "not an address"}, "name@example.com"),
        ],
    )
    def test_is_told_what_does_not_hold(self, project, address, browse, sent, words):
        answer = browse().post(address, WISH | sent)

        assert answer.status_code == 422
        assert words in answer.text
        assert wishes(project) == []

    def test_keeps_what_was_typed(self, address, browse):
        answer = browse().post(address, WISH | {"title": ""})

        assert "On **Sundays**, too" in answer.text
        assert 'value="Gil Guest"' in answer.text

    def test_that_fills_the_hidden_field_is_thanked_and_forgotten(self, project, address, browse):
        answer = browse().post(address, WISH | {"website": "http://buy.example"})

        assert answer.status_code == 303
        assert wishes(project) == []

    def test_comes_only_so_often(self, project, address, browse):
        guest = browse()

        statuses = [guest.post(address, WISH).status_code for _ in range(12)]

        assert statuses == [303] * 10 + [429] * 2
        assert len(wishes(project)) == 10

    def test_waits_while_too_much_lies_there(self, people, project, address, monkeypatch, browse):
        monkeypatch.setattr(intake, "MOST_UNSORTED", 1)
        browse().post(address, WISH)

        with pytest.raises(TooMany):
            requests.take_wish(
                address.rpartition("/")[2], title="More", description="", name="Gil", email=None
            )
        assert len(wishes(project)) == 1

    def test_writes_plain_text(self, people, project, address, browse):
        browse().post(
            address,
            WISH | {"description": "<script>x</script> [here](http://evil.example)\r\nand\u202e there\x07"},
        )
        wish = wishes(project)[0]

        page = browse(people.bob).get(wish.path).text

        assert wish.description == "<script>x</script> [here](http://evil.example)\nand there"
        assert "[here](http://evil.example)" in page
        assert 'href="http://evil.example"' not in page
        assert "<script>x" not in page

    def test_needs_no_more_than_the_form_of_this_site(self, app, project, address):
        answer = app.test_client().post(address, data=WISH, headers={"Origin": "http://evil.example"})

        assert answer.status_code == 403
        assert wishes(project) == []


class TestSorting:
    def test_offers_two_ways(self, people, wish, browse):
        page = browse(people.bob).get(wish.path).text

        assert "Gil Guest, a guest, asks for this." in page
        assert "Take it over" in page
        assert "Drop it" in page
        assert "Take it over" not in browse(people.rae).get(wish.path).text
        assert "from a guest" in browse(people.vic).get(wish.project.path).text

    def test_makes_it_ones_own(self, people, wish, browse):
        answer = browse(people.bob).post(f"{wish.path}/adoption")

        assert (answer.status_code, answer.location) == (303, wish.path)
        assert (wish.requester, wish.needs_sorting) == (people.bob, False)
        assert (wish.turn_role, wish.turn_user) == (TurnRole.REQUESTER, people.bob)
        assert wish.guest_name == "Gil Guest"
        assert "Answer the questions" in browse(people.bob).get(wish.path).text

    def test_is_for_those_who_develop_and_once(self, people, wish):
        for person in (people.rae, people.vic):
            with pytest.raises(NotAllowed):
                requests.adopt(wish, by=person)
        requests.adopt(wish, by=people.bob)

        with pytest.raises(Conflict, match="already"):
            requests.adopt(wish, by=people.ada)
        assert wish.requester is people.bob

    def test_drops_it(self, people, wish, browse):
        answer = browse(people.bob).post(f"{wish.path}/cancellation", {"reason": "Spam"})

        assert answer.status_code == 303
        assert wish.status is RequestStatus.CANCELLED

    def test_does_not_begin_the_questions_before(self, people, wish, api):
        answer = api(
            "POST",
            f"/requests/{wish.id}/transition",
            people.key(people.bob),
            json={"action": "start_interview"},
        )

        assert (answer.status_code, answer.json["type"]) == (409, "illegal_transition")
        assert wish.status is RequestStatus.DRAFT

    def test_shows_the_address_to_those_who_may_write_back(self, people, project, address, browse):
        browse().post(address, WISH | {"email": "gil@example.com"})
        wish = wishes(project)[0]

        assert "mailto:gil@example.com" in browse(people.bob).get(wish.path).text
        assert "gil@example.com" not in browse(people.vic).get(wish.path).text

    def test_is_done_by_the_api(self, people, wish, api):
        adopted = api("POST", f"/requests/{wish.id}/adoption", people.key(people.bob)).json["data"]

        assert (adopted["requester"]["name"], adopted["guest"]) == ("Bob Builder", "Gil Guest")
