"""A request that waits for others: held back, explained, and let go by itself."""

import pytest
from sqlalchemy import select

from app.core.db import session
from app.core.errors import Conflict, Invalid, NotAllowed
from app.desk import operations as desk
from app.development import operations as development
from app.integrations.coding_agent import Edit
from app.notifications.models import Notification
from app.projects import operations as projects
from app.projects.models import Access, Starter, StartPolicy
from app.requests import operations as requests
from app.requests.models import RequestStatus, TurnRole, WorkflowAction
from app.requests.queries import story_of, waiting_for
from app.reviews import operations as reviews
from tests.support import road


@pytest.fixture
def project(people):
    return people.project()


@pytest.fixture
def ready(people, project):
    return road.ready_request(people, project=project)


@pytest.fixture
def first(people, project):
    return people.request(project, title="Tidy the page first")


def said_to(user) -> list[str]:
    query = select(Notification).where(Notification.user_id == user.id).order_by(Notification.id)
    return [each.text for each in session.scalars(query)]


class TestWaiting:
    def test_holds_the_start_back_and_names_what_for(self, people, ready, first, bell):
        requests.wait_for(ready, first, by=people.rae)

        with pytest.raises(Conflict, match=f"It waits for #{first.number}") as trouble:
            development.start(ready, by=people.bob, agent="person")

        assert trouble.value.code == "blocked"
        assert ready.status is RequestStatus.READY
        assert ready.blockers == [first]

    def test_is_nobodys_turn(self, people, ready, first):
        requests.wait_for(ready, first, by=people.rae)

        assert (ready.turn_role, ready.turn_user) == (TurnRole.NOBODY, None)
        assert ready not in session.scalars(waiting_for(people.bob)).all()

    def test_is_over_when_somebody_says_so(self, people, ready, first, bell):
        requests.wait_for(ready, first, by=people.rae)
        requests.stop_waiting(ready, first, by=people.bob)

        assert ready.blockers == []
        assert ready.turn_role is TurnRole.DEVELOPER
        development.start(ready, by=people.bob, agent="person")
        assert ready.status is RequestStatus.IN_DEVELOPMENT

    def test_is_over_by_itself_when_the_other_is_dropped(self, people, ready, first):
        requests.wait_for(ready, first, by=people.rae)

        requests.drop(first, by=people.ada, reason="Not needed")

        assert ready.blockers == []
        assert ready.turn_role is TurnRole.DEVELOPER
        assert f"#{first.number} was dropped: this no longer waits for it." in story_of(ready, 1)[0].text
        assert any("no longer waits for it" in text for text in said_to(people.rae))
        assert said_to(people.bob)[-1] == f"#{ready.number} {ready.title} is ready to build."

    def test_is_over_by_itself_when_the_other_is_merged(self, people, project, first, bell):
        done = road.accepted_request(people, project=project)
        requests.wait_for(first, done, by=people.rae)

        reviews.open_and_merge(done, by=people.bob)

        assert done.status is RequestStatus.MERGED
        assert first.blockers == []
        assert "was merged" in story_of(first, 1)[0].text

    def test_keeps_what_was_pointed_at_until_it_is_over(self, people, ready, first, bell):
        requests.wait_for(ready, first, by=people.rae)
        edit = Edit(kind="text", was="Old", to="New", selector="h1")

        desk.touch_up(ready, by=people.bob, edits=[edit])

        assert ready.status is RequestStatus.READY
        assert len(ready.edits) == 1

    def test_goes_on_for_what_is_left(self, people, project, ready, first):
        second = people.request(project, title="And this")
        for blocker in (first, second):
            requests.wait_for(ready, blocker, by=people.rae)

        requests.drop(first, by=people.ada, reason="Not needed")

        assert ready.waits_for == [second]
        assert ready.turn_role is TurnRole.NOBODY

    def test_keeps_the_start_from_being_asked_for(self, people, project, first, bell):
        request = people.request(project, title="Later")
        requests.wait_for(request, first, by=people.rae)
        before = len(said_to(people.bob))

        requests.move(request, WorkflowAction.COMPLETE_INTERVIEW, by=people.rae, payload={})

        assert len(said_to(people.bob)) == before

    def test_holds_the_yes_back(self, people, project, ready, first, bell):
        projects.edit_project(
            project, by=people.ada, start_policy=StartPolicy.APPROVED, approver_id=people.ada.id
        )
        requests.wait_for(ready, first, by=people.rae)

        with pytest.raises(Conflict, match="It waits for"):
            requests.allow_development(ready, by=people.ada)
        assert ready.allowed_at is None


class TestWhatIsRefused:
    def test_names_the_circle(self, people, project):
        one, two, three = (people.request(project, title=title) for title in ("a", "b", "c"))
        requests.wait_for(one, two, by=people.rae)
        requests.wait_for(two, three, by=people.rae)

        with pytest.raises(Conflict, match="#3 waits for #1, #1 waits for #2, #2 waits for #3") as trouble:
            requests.wait_for(three, one, by=people.rae)

        assert trouble.value.code == "circle"
        assert three.blockers == []

    def test_does_not_wait_for_itself(self, people, first):
        with pytest.raises(Conflict, match="circle"):
            requests.wait_for(first, first, by=people.rae)

    def test_keeps_the_numbers_of_closed_projects_to_itself(self, people, project, first):
        closed = people.project("Closed")
        projects.edit_project(closed, by=people.ada, access=Access.MEMBERS)
        secret = people.request(closed, title="Hush", by=people.ada)
        requests.wait_for(first, secret, by=people.ada)

        assert requests.why_it_waits(first).startswith("It waits for a request of another project.")

    def test_waits_for_nothing_that_is_over(self, people, ready, first):
        requests.drop(first, by=people.rae, reason="Not needed")

        with pytest.raises(Conflict, match="over already"):
            requests.wait_for(ready, first, by=people.rae)

    def test_waits_no_more_once_the_work_began(self, people, ready, first, bell):
        development.start(ready, by=people.bob, agent="person")

        with pytest.raises(Conflict, match="has begun"):
            requests.wait_for(ready, first, by=people.rae)

    def test_does_not_cross_organizations(self, people, first):
        theirs = projects.create_project(
            people.elsewhere, by=people.eve, name="Theirs", starter=Starter.STATIC
        )
        foreign = people.request(theirs, by=people.eve)

        with pytest.raises(Invalid):
            requests.wait_for(first, foreign, by=people.rae)

    def test_is_not_for_who_may_only_look(self, people, ready, first):
        with pytest.raises(NotAllowed):
            requests.wait_for(ready, first, by=people.vic)
        assert ready.blockers == []

    def test_counts_once(self, people, ready, first):
        requests.wait_for(ready, first, by=people.rae)
        requests.wait_for(ready, first, by=people.rae)

        assert ready.blockers == [first]


class TestPage:
    def test_takes_the_other_by_its_number(self, people, ready, first, browse):
        answer = browse(people.rae).post(f"{ready.path}/blockers", {"other": f"#{first.number}"})

        assert (answer.status_code, answer.location) == (303, ready.path)
        page = browse(people.bob).get(ready.path).text
        assert f"It waits for #{first.number}." in page
        assert "Let the outline writer" not in page
        assert "/start" not in page

    def test_takes_one_of_another_project(self, people, ready, browse):
        other = people.request(people.project("Shop"), title="Elsewhere")

        browse(people.rae).post(f"{ready.path}/blockers", {"other": f"shop#{other.number}"})

        assert ready.blockers == [other]

    @pytest.mark.parametrize("words", ["#99", "nonsense", "other#1", "9999999999999"])
    def test_says_when_there_is_none(self, people, ready, browse, words):
        answer = browse(people.rae).post(f"{ready.path}/blockers", {"other": words})

        assert answer.status_code == 422
        assert "There is no such request" in answer.text
        assert f'value="{words}"' in answer.text

    def test_shows_it_on_the_card(self, people, ready, first, browse):
        requests.wait_for(ready, first, by=people.rae)

        board = browse(people.bob).get(ready.project.path).text

        assert f"Waits for #{first.number}" in board

    def test_refuses_the_card_that_is_dragged_to_the_start(self, people, ready, first, browse):
        requests.wait_for(ready, first, by=people.rae)

        answer = browse(people.bob).htmx("POST", f"{ready.path}/move", data={"to": "in_development"})

        assert answer.status_code == 409
        assert f"It waits for #{first.number}" in answer.text

    def test_lets_go(self, people, ready, first, browse):
        requests.wait_for(ready, first, by=people.rae)

        answer = browse(people.rae).post(f"{ready.path}/blockers/{first.id}/removal")

        assert answer.status_code == 303
        assert ready.blockers == []


class TestApi:
    def test_holds_back_explains_and_lets_go(self, people, ready, first, api):
        key, path = people.key(people.bob), f"/requests/{ready.id}"

        held = api("POST", f"{path}/blockers", key, json={"requestId": str(first.id)})
        steps = api("GET", f"{path}/available-transitions", key).json["data"]
        start = api("POST", f"{path}/development/start", key, json={})

        assert [each["number"] for each in held.json["data"]["blockedBy"]] == [first.number]
        assert held.json["data"]["turn"]["role"] == "nobody"
        why = next(each for each in steps if each["action"] == "start_development")
        assert (why["allowed"], why["reason"]) == (False, requests.why_it_waits(ready))
        assert (start.status_code, start.json["type"]) == (409, "blocked")
        assert f"#{first.number}" in start.json["message"]
        assert [each["id"] for each in api("GET", f"{path}/blockers", key).json["data"]] == [str(first.id)]
        free = api("DELETE", f"{path}/blockers/{first.id}", key).json["data"]
        assert (free["blockedBy"], free["turn"]["role"]) == ([], "developer")

    def test_knows_none_that_the_caller_does_not_see(self, people, ready, api):
        theirs = "01980000-0000-7000-8000-000000000000"

        answer = api(
            "POST", f"/requests/{ready.id}/blockers", people.key(people.rae), json={"requestId": theirs}
        )

        assert answer.status_code == 422
        assert answer.json["errors"][0]["loc"] == ["body", "requestId"]
