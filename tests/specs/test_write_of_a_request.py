"""A request becomes a spec: from its words and criteria, knowing what its app shows; each leads to the other."""

import pytest
from sqlalchemy import select

from app.core.db import session, transaction
from app.requests import operations as requests
from app.requests.models import Activity, ActivityType, ProductRequest, WorkflowAction
from app.specs import operations as specs
from app.specs.models import Spec, SpecKind

CRITERIA = """Feature: Show opening hours

  Scenario: The hours stand on the start page
    Given the start page is open
    Then the opening hours can be read
"""


@pytest.fixture
def project(people):
    return people.project()


@pytest.fixture
def request_(people, project) -> ProductRequest:
    """A request of Rae's whose criteria are accepted."""
    made = requests.file_request(
        project, by=people.rae, title="Show the opening hours", description="People ask when we are open."
    )
    with transaction():
        made.gherkin_criteria = CRITERIA
    return made


def new(request: ProductRequest) -> str:
    return f"{request.project.path}/specs/new?request={request.number}"


class TestTheWayThere:
    def test_stands_on_the_page_of_the_request(self, browse, people, request_):
        shown = browse(people.rae).get(request_.path).text

        assert "Write a spec" in shown
        assert f'href="{new(request_)}"' in shown

    def test_is_not_shown_to_who_may_only_look(self, browse, people, request_):
        assert "Write a spec" not in browse(people.vic).get(request_.path).text

    def test_ends_with_the_request(self, browse, people, request_):
        requests.move(request_, WorkflowAction.CANCEL, by=people.rae, payload={"reason": "No."})

        assert "Write a spec" not in browse(people.rae).get(request_.path).text

    def test_shows_what_it_would_be_written_from(self, browse, people, request_):
        shown = browse(people.rae).get(new(request_)).text

        assert f"A spec of #{request_.number}" in shown
        assert "People ask when we are open." in shown
        assert "- The hours stand on the start page" in shown
        assert "The page “" in shown
        assert f'name="request" value="{request_.number}"' in shown

    @pytest.mark.parametrize("number", ["99", "0", "x", "9" * 30])
    def test_leads_nowhere_without_a_request(self, browse, people, project, number):
        assert browse(people.rae).get(f"{project.path}/specs/new?request={number}").status_code == 404

    def test_is_closed_to_strangers(self, browse, people, request_):
        assert browse(people.eve).get(new(request_)).status_code == 404


class TestASpecOfARequest:
    def test_is_written_from_what_was_sent_and_leads_back(self, browse, people, request_, bell):
        rae = browse(people.rae)
        sent = rae.post(
            f"{request_.project.path}/specs",
            {"request": str(request_.number), "input": "The hours stand on the start page."},
        )
        spec = session.scalars(select(Spec)).one()
        bell.work()

        assert (sent.status_code, sent.location) == (303, spec.path)
        assert (spec.request_id, spec.project_id) == (request_.id, request_.project_id)
        entry = session.scalars(
            select(Activity).where(Activity.request_id == request_.id, Activity.type == ActivityType.SPEC)
        ).one()
        assert (entry.text, entry.payload) == ("asked for a spec of this", {"specId": spec.id})
        assert f'href="{request_.path}"' in rae.get(spec.path).text.partition("<main")[2]
        assert f'href="{spec.path}"' in rae.get(request_.path).text

    def test_takes_its_words_and_criteria_where_nothing_else_is_said(self, people, request_, bell):
        spec = specs.ask_for_spec(
            people.organization,
            by=people.rae,
            project=request_.project,
            request=request_,
            kind=SpecKind.FAST,
            text="",
        )
        bell.work()
        session.refresh(spec)

        assert spec.title == "Show the opening hours"
        story = next(each for each in spec.written.stories if "hours" in each.title)
        assert [each.text for each in story.criteria] == [
            "The hours stand on the start page",
            "Given the start page is open, then the opening hours can be read",
        ]
        assert spec.written.is_addition
        assert "The page “" in spec.context

    def test_keeps_what_was_typed_when_it_does_not_hold(self, browse, people, request_, bell):
        answer = browse(people.rae).post(
            f"{request_.project.path}/specs",
            {"request": str(request_.number), "input": "Typed.", "doc_urls": "nothing"},
        )

        assert answer.status_code == 422
        assert "Typed." in answer.text
        assert f'name="request" value="{request_.number}"' in answer.text
        assert session.scalars(select(Spec)).all() == []

    def test_is_not_for_who_may_only_look_nor_for_strangers(self, browse, people, request_, bell):
        form = {"request": str(request_.number), "input": "The hours."}

        assert browse(people.vic).post(f"{request_.project.path}/specs", form).status_code == 403
        assert browse(people.eve).post(f"{request_.project.path}/specs", form).status_code == 404
        assert session.scalars(select(Spec)).all() == []

    def test_is_hidden_with_the_project_that_few_may_see(self, browse, people, request_, ask, bell):
        from app.specs.queries import specs_of_request

        spec = ask(project=request_.project, request=request_)

        assert specs_of_request(people.vic, request_) == [spec]
        assert specs_of_request(people.eve, request_) == []


class TestByProgram:
    @pytest.fixture
    def call(self, app, people):
        client = app.test_client()

        def called(person, body, **more):
            headers = {"Authorization": f"Bearer {people.key(person, **more)}"}
            return client.post("/fast-spec", headers=headers, json={"async": True, **body})

        return called

    def test_names_the_request_alone(self, call, people, request_, bell):
        answer = call(people.rae, {"requestId": str(request_.id)})

        spec = session.scalars(select(Spec)).one()
        assert (answer.status_code, answer.json["specId"]) == (200, spec.id)
        assert (spec.request_id, spec.project_id) == (request_.id, request_.project_id)
        assert spec.input.startswith("# Show the opening hours\n\nPeople ask when we are open.")

    def test_tells_nothing_of_what_is_others(self, call, people, request_, bell):
        answer = call(people.eve, {"requestId": str(request_.id)}, organization=people.elsewhere)

        assert answer.status_code == 404
        assert session.scalars(select(Spec)).all() == []

    def test_is_refused_to_who_may_only_look(self, call, people, request_, bell):
        assert call(people.vic, {"requestId": str(request_.id)}).status_code == 403
        assert session.scalars(select(Spec)).all() == []
