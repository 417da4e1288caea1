"""A draft becomes criteria that parse, through a form, by the page and by the API alike."""

import pytest

from app.core.db import session
from app.core.errors import Conflict, Invalid
from app.core.gherkin import scenarios_of
from app.interviews import operations, queries
from app.interviews.operations import base
from app.requests.models import RequestStatus


@pytest.fixture
def request_(people, bell):
    return people.request(title="Show the opening hours")


class TestAnswerTheQuestions:
    def test_asks_at_most_five_with_choices_from_the_app(self, people, request_):
        interview = operations.start(request_, by=people.rae)

        labels = [choice["label"] for question in interview.questions for choice in question["choices"]]
        assert 1 <= len(interview.questions) <= 5
        assert any("Workshop" in label for label in labels)  # a heading of the contact page
        assert request_.status is RequestStatus.INTERVIEWING

    def test_offers_what_the_running_app_shows_and_keeps_to_it(self, people, request_, monkeypatch):
        shown = {"/contact.html": "<h1>Contact</h1><h2>The night shop</h2>"}
        monkeypatch.setattr(base, "pages_of", lambda *_, **__: shown)

        interview = operations.start(request_, by=people.rae)
        shown.clear()  # it went to sleep
        again = operations.answer(request_, by=people.rae, answers={})

        for stage in (interview, again):
            labels = [choice["label"] for question in stage.questions for choice in question["choices"]]
            assert any("The night shop" in label for label in labels)

    def test_links_each_scenario_to_the_answers_it_came_from(self, people, request_, browse):
        interview = operations.start(request_, by=people.rae)
        first = interview.questions[0]
        operations.answer(request_, by=people.rae, answers={first["id"]: first["choices"][0]["id"]})

        page = browse(people.rae).get(f"{request_.path}/interview").text

        assert f'id="question-{first["id"]}"' in page
        assert f'href="#question-{first["id"]}">from answer 1</a>' in page

    def test_keeps_you_decide_as_an_assumption(self, people, request_):
        interview = operations.start(request_, by=people.rae)
        first = interview.questions[0]["id"]

        interview = operations.answer(request_, by=people.rae, answers={first: "you_decide"})

        assert first in [assumption["question_id"] for assumption in interview.assumptions]

    def test_refuses_answers_to_questions_nobody_asked(self, people, request_):
        operations.start(request_, by=people.rae)

        with pytest.raises(Invalid) as refused:
            operations.answer(request_, by=people.rae, answers={"shoe_size": "44"})

        assert refused.value.errors[0]["type"] == "unknown_question"

    def test_ends_in_criteria_that_parse_and_a_prompt(self, people, request_):
        operations.start(request_, by=people.rae)

        operations.complete(request_, by=people.rae)

        assert request_.status is RequestStatus.READY
        assert scenarios_of(request_.gherkin_criteria)
        assert "opening hours" in request_.agent_prompt.lower()
        assert queries.interview_of(request_).status == "completed"

    def test_refuses_criteria_that_do_not_parse_by_line(self, people, request_):
        operations.start(request_, by=people.rae)

        with pytest.raises(Invalid) as refused:
            operations.complete(
                request_, by=people.rae, gherkin="Feature: x\n\n  Scenario: y\n    Perhaps it works\n"
            )

        assert refused.value.errors[0]["loc"][:3] == ["body", "gherkinCriteria", 3]
        assert request_.status is RequestStatus.INTERVIEWING

    def test_cannot_be_answered_after_it_was_accepted(self, people, request_):
        operations.start(request_, by=people.rae)
        operations.complete(request_, by=people.rae)

        with pytest.raises(Conflict):
            operations.answer(request_, by=people.rae, content="One more thing")

    def test_begins_anew_and_keeps_the_old_in_the_activity(self, people, request_):
        from app.requests.queries import activity_of

        operations.answer(request_, by=people.rae, content="On the contact page")
        operations.complete(request_, by=people.rae)

        operations.reset(request_, by=people.rae)

        assert request_.status is RequestStatus.DRAFT
        assert queries.interview_of(request_) is None
        newest = session.scalars(activity_of(request_).limit(1)).one()
        assert newest.payload["messages"][1]["content"] == "On the contact page"

    def test_works_on_an_empty_repository(self, people, bell):
        from app.projects.models import Starter

        request = people.request(people.project("Empty", starter=Starter.EMPTY))
        operations.start(request, by=people.rae)
        operations.complete(request, by=people.rae)

        assert request.status is RequestStatus.READY


class TestThePage:
    def test_walks_from_the_start_to_accepted_criteria_without_javascript(self, people, request_, browse):
        rae, address = browse(people.rae), f"{request_.path}/interview"

        assert rae.post(address).status_code == 303
        page = rae.get(address).text
        first = queries.interview_of(request_).questions[0]
        assert first["text"] in page.replace("&#39;", "'").replace("&amp;", "&")
        answered = rae.post(f"{address}/answers", {f"choice.{first['id']}": first["choices"][0]["id"]})
        assert answered.status_code == 303
        criteria = rae.get(f"{address}/criteria")
        assert "Scenario:" in criteria.text
        interview = queries.interview_of(request_)
        session.refresh(interview)
        accepted = rae.post(
            f"{address}/criteria", {"gherkin_criteria": interview.gherkin, "agent_prompt": interview.prompt}
        )

        assert (accepted.status_code, accepted.location) == (303, request_.path)
        session.refresh(request_)
        assert request_.status is RequestStatus.READY

    def test_swaps_only_the_scenarios_for_htmx(self, people, request_, browse):
        operations.start(request_, by=people.rae)
        first = queries.interview_of(request_).questions[0]["id"]

        part = browse(people.rae).htmx(
            "POST", f"{request_.path}/interview/answers", data={f"choice.{first}": "you_decide"}
        )

        assert part.text.lstrip().startswith('<section id="scenarios-')
        assert "<html" not in part.text

    def test_shows_the_same_form_again_with_what_is_wrong(self, people, request_, browse):
        operations.start(request_, by=people.rae)

        refused = browse(people.rae).post(
            f"{request_.path}/interview/criteria",
            {"gherkin_criteria": "Nonsense of mine", "agent_prompt": "p"},
        )

        assert refused.status_code == 422
        assert "Nonsense of mine" in refused.text
        assert "Line 1" in refused.text

    def test_owner_may_viewer_may_not_stranger_sees_nothing(self, people, request_, browse):
        address = f"{request_.path}/interview"

        assert browse(people.eve).get(address).status_code == 404
        assert browse(people.eve).post(address).status_code == 404
        assert browse(people.vic).get(address).status_code == 200
        assert browse(people.vic).post(address).status_code == 403
        assert browse(people.rae).post(address).status_code == 303


class TestTheApi:
    def test_walks_the_same_road(self, people, request_, app):
        client, headers = app.test_client(), {"Authorization": f"Bearer {people.key(people.rae)}"}
        address = f"/api/requests/{request_.id}/interview"

        assert client.get(address, headers=headers).json["data"]["status"] == "not_started"
        told = client.post(f"{address}/message", headers=headers, json={"content": "On the contact page"})
        assert told.json["data"]["status"] == "open"
        assert told.json["data"]["messages"][1]["content"] == "On the contact page"
        done = client.post(f"{address}/complete", headers=headers, json={})
        assert done.json["data"]["status"] == "ready"
        stream = client.get(f"{address}/stream", headers=headers)
        assert stream.mimetype == "text/event-stream"
        assert [line for line in stream.text.splitlines() if line.startswith("event: ")] == [
            *("event: status", "event: message", "event: message", "event: done"),
        ]
        last = told.json["data"]["messages"][0]["id"]
        resumed = client.get(f"{address}/stream", headers={**headers, "Last-Event-ID": last})
        assert resumed.text.count("event: message") == 1
        assert "On the contact page" in resumed.text
        again = client.post(f"{address}/message", headers=headers, json={"content": "late"})
        assert (again.status_code, again.json["type"]) == (409, "conflict")
        reset = client.delete(f"{address}/reset", headers=headers)
        assert reset.json["data"]["status"] == "not_started"
