"""What a model uses is counted with its cost, and an organization uses no more of it than it may."""

import json
from datetime import timedelta

import pytest
import time_machine
from pydantic import BaseModel

from app.core.clock import now
from app.core.db import session
from app.core.errors import Failed
from app.integrations.language_model import Material, Patience, Task
from app.language_models import operations as language_models
from app.organizations import operations as organizations
from app.organizations.models import Limits, TokensSetAside
from app.organizations.operations import TokensUsedUp, count_usage, set_tokens_aside, tokens_left
from app.specs import operations as specs
from app.specs.models import SpecKind, SpecStatus
from tests.language_models.conftest import answers
from tests.support.model_server import breaks_off, refuses, says
from tests.support.together import together


class Answer(BaseModel):
    text: str


TASK = Task(instructions="Say it.", material=[Material("request", "x" * 600)], shape=Answer, most_tokens=100)
GOOD = json.dumps({"text": "Said."})


@pytest.fixture
def ask(people):
    """Have the model asked for Acme."""
    return lambda: language_models.model_for(people.organization.id, tries=1).write(TASK, Patience())


def bound(people, tokens: int | None) -> None:
    organizations.edit_organization(
        people.organization, by=people.ada, limits=Limits(tokens_per_month=tokens)
    )


def used(people) -> tuple[int, float | None]:
    session.expire_all()
    counted = count_usage(people.organization)
    return counted.tokens, counted.cost


class TestCount:
    def test_tokens_and_what_they_cost(self, people, model, ask, api):
        model.scenes = [says(GOOD, usage=(1000, 250))]

        ask()

        said = api("GET", f"/organizations/{people.organization.id}/usage", people.key(people.vic)).json[
            "data"
        ]
        assert said["currentPeriod"]["tokenUsage"] == 1250
        assert (said["tokenCost"], said["currency"]) == (0.004, "USD")

    def test_is_shown_to_members_beside_the_limit(self, people, model, ask, browse):
        bound(people, 5000)
        model.scenes = [says(GOOD, usage=(1000, 250))]

        ask()

        page = browse(people.vic).get("/acme/usage").text
        assert "1,250 · 0.0040 USD of 5,000" in page
        assert 'value="25"' in page

    def test_each_asking_until_one_fits(self, people, model, ask):
        model.scenes = [says("no", usage=(10, 1)), says("[]", usage=(20, 2)), says(GOOD, usage=(30, 3))]

        ask()

        assert used(people)[0] == 66

    def test_what_came_where_the_endpoint_does_not_count_or_breaks_off(self, people, model, ask):
        model.scenes = [says(GOOD, usage=None), breaks_off]

        ask()
        whole = used(people)[0]
        with pytest.raises(Failed):
            ask()

        assert whole > 200
        assert used(people)[0] > whole + 200

    def test_nothing_of_an_endpoint_that_refuses(self, people, model, ask):
        model.scenes = [refuses(401)]

        with pytest.raises(Failed):
            ask()

        assert used(people) == (0, 0.0)
        assert session.query(TokensSetAside).count() == 0

    def test_another_currency_begins_the_cost_anew(self, people, model, ask, key, api):
        model.scenes = [says(GOOD, usage=(1000, 0)), says(GOOD, usage=(1000, 0))]
        ask()
        api("PUT", "/admin/language-model", key, json={"currency": "EUR", "readPrice": 5})

        ask()

        counted = count_usage(people.organization)
        assert (counted.tokens, counted.cost, counted.currency) == (2000, 0.005, "EUR")


class TestStay:
    def test_refuses_an_asking_that_may_take_more_than_is_left(self, people, model, ask):
        bound(people, 300)

        with pytest.raises(TokensUsedUp) as refused:
            ask()

        assert "may use 300 tokens of the language model in a month: 300 are left" in refused.value.message
        assert "Ada Admin can raise the limit" in refused.value.suggestion
        assert model.asked == []

    def test_holds_in_the_same_moment(self, people):
        organization_id = people.organization.id
        bound(people, 250)
        session.commit()

        ends = together(lambda: set_tokens_aside(organization_id, 100))

        assert ends == ["done", "done", "tokens_used_up", "tokens_used_up"]
        assert tokens_left(people.organization) == 50

    def test_lets_go_of_what_was_set_aside_for_somebody_who_was_killed(self, people):
        bound(people, 100)
        set_tokens_aside(people.organization.id, 100)

        with time_machine.travel(now() + timedelta(minutes=16), tick=False):
            assert tokens_left(people.organization) == 100

    def test_a_spec_fails_with_the_reason_and_goes_on_once_the_limit_is_raised(self, people, model, bell):
        bound(people, 0)
        spec = specs.ask_for_spec(people.organization, by=people.rae, kind=SpecKind.FAST, text="Book tables.")

        bell.work()

        session.refresh(spec)
        assert spec.status is SpecStatus.FAILED
        assert spec.error_message.startswith("Acme may use 0 tokens of the language model in a month")
        assert "Ada Admin can raise the limit" in spec.error_message
        assert model.asked == []

    def test_the_limit_is_an_admin_s(self, people, browse, api):
        sent = {"tokens_per_month": "5000"}

        assert browse(people.bob).post("/acme/settings/limits", sent).status_code == 403
        assert browse(people.eve).post("/acme/settings/limits", sent).status_code == 404
        assert browse(people.ada).post("/acme/settings/limits", sent).status_code == 303
        assert tokens_left(people.organization) == 5000
        assert browse(people.ada).post("/acme/settings/limits", {"tokens_per_month": "-1"}).status_code == 422


class TestSwitchedOff:
    def test_a_spec_that_waited_for_it_says_so_and_goes_on_without(self, people, model, olga, bell):
        spec = specs.ask_for_spec(people.organization, by=people.rae, kind=SpecKind.FAST, text="Book tables.")
        language_models.switch(by=olga, is_on=False)
        bell.work()
        session.refresh(spec)
        before = (spec.status, spec.error_message)

        specs.retry_spec(spec, by=people.rae)
        bell.work()

        assert before == (
            SpecStatus.FAILED,
            "There is no language model here any more. Try again: it goes on without one.",
        )
        session.refresh(spec)
        assert spec.status is SpecStatus.COMPLETED
        assert spec.written.origin.startswith("Written without a language model")

    def test_what_it_began_is_written_anew_without_it_so_that_the_first_line_is_true(
        self, people, model, olga, bell
    ):
        from tests.specs.test_write_by_model import SUMMARY

        model.scenes = [*answers(SUMMARY), refuses(401)]
        spec = specs.ask_for_spec(people.organization, by=people.rae, kind=SpecKind.FAST, text="Book tables.")
        bell.work()
        session.refresh(spec)
        begun = list(spec.parts)
        language_models.switch(by=olga, is_on=False)

        specs.retry_spec(spec, by=people.rae)
        bell.work()

        assert begun == ["summary"]
        session.refresh(spec)
        assert spec.written.origin.startswith("Written without a language model")

    def test_a_spec_is_written_by_the_model_that_an_admin_named(self, people, model, bell):
        from tests.specs.test_write_by_model import PARTS

        model.scenes = answers(*PARTS)
        spec = specs.ask_for_spec(people.organization, by=people.rae, kind=SpecKind.FAST, text="Book tables.")

        bell.work()

        session.refresh(spec)
        assert spec.written.origin == "Written with little"
        assert used(people)[0] == 5 * 27
