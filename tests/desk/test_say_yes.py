"""A named person says yes before the work starts."""

import pytest
from sqlalchemy import select

from app.core.db import session
from app.core.errors import IllegalTransition, Invalid, NotAllowed
from app.desk import words
from app.desk.operations import transitions_for
from app.development import operations as development
from app.development.branches import prepare
from app.development.queries import latest_session
from app.interviews import operations as interviews
from app.notifications.models import Notification
from app.organizations import operations as organizations
from app.organizations.models import Membership, Role
from app.projects import operations as projects
from app.projects.models import Access, StartPolicy
from app.requests import operations as requests
from app.requests.models import RequestStatus, TurnRole, WorkflowAction
from app.requests.queries import waiting_for
from tests.support.road import CRITERIA, push, ready_request


@pytest.fixture(autouse=True)
def unheard():
    """Hear everything: what follows from a yes is the point here."""


@pytest.fixture
def project(people):
    made = people.project()
    projects.edit_project(made, by=people.ada, start_policy=StartPolicy.APPROVED, approver_id=people.rae.id)
    return made


@pytest.fixture
def asked(people, project, bell):
    """Bob's request, clear enough to be built; Rae has to say yes."""
    request = people.request(project, by=people.bob)
    interviews.complete(request, by=people.bob, gherkin=CRITERIA, prompt="Show them.")
    return request


def told(person) -> list[tuple[str, bool]]:
    found = session.scalars(
        select(Notification).where(Notification.user_id == person.id).order_by(Notification.created_at)
    )
    return [(each.text, each.needs_you) for each in found]


def membership(person) -> Membership:
    return session.scalars(select(Membership).where(Membership.user_id == person.id)).one()


class TestYes:
    def test_is_the_named_persons_turn_and_they_are_told(self, people, asked):
        assert (asked.turn_role, asked.turn_user) == (TurnRole.APPROVER, people.rae)
        said = f"#{asked.number} {asked.title} needs your yes; then the work starts."
        assert (said, True) in told(people.rae)
        assert told(people.ada) == []
        assert asked in session.scalars(waiting_for(people.rae)).all()
        assert asked not in session.scalars(waiting_for(people.ada)).all()
        assert words.whose_turn(people.vic, asked) == "Waiting for Rae Requester to say yes"

    def test_starts_the_work_by_itself_with_the_projects_agent(self, people, asked, browse, bell):
        page = browse(people.rae).get(asked.path).text

        answer = browse(people.rae).post(f"{asked.path}/yes")

        assert f'action="{asked.path}/yes"' in page
        assert answer.status_code == 303
        assert (latest_session(asked).agent, latest_session(asked).started_by) == ("outline", None)
        assert asked.status is RequestStatus.IN_DEVELOPMENT
        assert asked.allowed_by == people.rae
        assert "said yes to it" in browse(people.vic).get(asked.path).text
        assert not any(needs_her for _, needs_her in told(people.rae))
        assert any("said yes to" in text for text, _ in told(people.bob))
        bell.work()
        assert asked.status is RequestStatus.IN_REVIEW

    @pytest.mark.parametrize(("who", "status"), [("bob", 403), ("ada", 403), ("vic", 403), ("eve", 404)])
    def test_is_nobody_elses(self, people, asked, browse, who, status):
        browser = browse(getattr(people, who))

        assert browser.post(f"{asked.path}/yes").status_code == status
        assert f'action="{asked.path}/yes"' not in browser.get(asked.path).text

    def test_comes_before_every_start(self, people, asked, browse, api):
        with pytest.raises(NotAllowed, match="Rae Requester has to say yes before the work starts"):
            development.start(asked, by=people.bob)
        prepare(asked)
        push(asked, by=people.bob)

        assert asked.status is RequestStatus.READY
        assert latest_session(asked) is None
        page = browse(people.bob).get(asked.path).text
        assert "Rae Requester has to say yes first." in page
        assert f'action="{asked.path}/start"' not in page
        steps = api("GET", f"/requests/{asked.id}/available-transitions", people.key(people.bob)).json["data"]
        why = {step["action"]: (step["allowed"], step["reason"]) for step in steps}
        said = (False, "Rae Requester has to say yes before the work starts.")
        assert why["allow_development"] == why["start_development"] == said

    def test_is_said_by_a_program_too(self, people, asked, api):
        address, body = f"/requests/{asked.id}/transition", {"action": "allow_development"}

        refused = api("POST", address, people.key(people.bob), json=body)
        said = api("POST", address, people.key(people.rae), json=body)
        again = api("POST", address, people.key(people.rae), json=body)

        assert refused.status_code == 403
        assert refused.json["message"] == "Rae Requester has to say yes before the work starts."
        assert said.json["data"]["status"] == "in_development"
        assert (again.status_code, again.json["type"]) == (409, "illegal_transition")

    def test_holds_for_another_try_but_not_for_other_questions(self, people, project, bell):
        projects.edit_project(project, by=people.ada, default_agent="person")
        request = ready_request(people, project=project)
        requests.allow_development(request, by=people.rae)
        development.cancel(latest_session(request), by=people.bob)
        assert (request.status, request.turn_role) == (RequestStatus.READY, TurnRole.DEVELOPER)
        requests.move(request, WorkflowAction.RESET_INTERVIEW, by=people.rae)
        interviews.complete(request, by=people.rae, gherkin=CRITERIA, prompt="Otherwise.")

        assert request.needs_yes
        assert request.turn_user == people.rae

    def test_is_not_asked_for_elsewhere(self, people, bell):
        request = ready_request(people)

        open_steps = [step.action for step in transitions_for(people.ada, request)]
        assert WorkflowAction.ALLOW_DEVELOPMENT not in open_steps
        with pytest.raises(IllegalTransition):
            requests.allow_development(request, by=people.ada)


class TestWhoSaysIt:
    def test_is_named_with_the_policy(self, people):
        project = people.project()

        with pytest.raises(Invalid) as refused:
            projects.edit_project(project, by=people.ada, start_policy=StartPolicy.APPROVED)

        assert refused.value.errors[0]["loc"] == ["body", "approverId"]

    @pytest.mark.parametrize("who", ["vic", "eve"])
    def test_takes_part(self, people, who):
        project = people.project()

        with pytest.raises(Invalid):
            projects.edit_project(project, by=people.ada, approver_id=getattr(people, who).id)

    def test_sees_the_project(self, people):
        project = people.project()
        projects.edit_project(project, by=people.ada, access=Access.MEMBERS)

        with pytest.raises(Invalid, match="does not see this project"):
            projects.edit_project(project, by=people.ada, approver_id=people.rae.id)

    @pytest.mark.parametrize("how", ["removed", "made a viewer"])
    def test_falls_to_the_admins_when_they_leave(self, people, asked, browse, how):
        if how == "removed":
            organizations.remove_member(membership(people.rae), by=people.ada)
        else:
            organizations.change_role(membership(people.rae), by=people.ada, role=Role.VIEWER)

        assert (asked.turn_role, asked.turn_user) == (TurnRole.APPROVER, None)
        assert asked in session.scalars(waiting_for(people.ada)).all()
        assert asked not in session.scalars(waiting_for(people.bob)).all()
        told_bob = browse(people.bob).get(asked.path).text
        assert "An admin has to say yes: who was named no longer can." in told_bob
        assert words.whose_turn(people.ada, asked) == "For any admin, you included"
        assert any("needs your yes" in text and needs_her for text, needs_her in told(people.ada))
        assert browse(people.ada).post(f"{asked.path}/yes").status_code == 303

    def test_passes_to_whoever_is_named_now(self, people, asked):
        projects.edit_project(asked.project, by=people.ada, approver_id=people.bob.id)

        assert asked.turn_user == people.bob
        assert not any(needs_her for _, needs_her in told(people.rae))

    def test_falls_away_with_the_policy(self, people, asked):
        projects.edit_project(asked.project, by=people.ada, start_policy=StartPolicy.DEVELOPER)

        assert (asked.turn_role, asked.turn_user) == (TurnRole.DEVELOPER, None)

    def test_is_shown_and_set_by_page_and_program(self, people, project, browse, api):
        address = f"{project.path}/settings"
        saved = browse(people.ada).post(address, {"name": "Website", "approver_id": str(people.bob.id)})
        shown = api("GET", f"/projects/{project.id}", people.key(people.vic)).json["data"]

        assert saved.status_code == 303
        assert shown["startPolicy"] == "approved"
        assert shown["approver"] == {"id": str(people.bob.id), "name": "Bob Builder"}
        body = {"approverId": str(people.rae.id)}
        changed = api("PUT", f"/projects/{project.id}", people.key(people.ada), json=body).json["data"]
        assert changed["approver"]["name"] == "Rae Requester"
        refused = browse(people.ada).post(address, {"name": "Website", "approver_id": str(people.vic.id)})
        assert refused.status_code == 422
        assert "may only look" in refused.text
