"""An admin says which language model there is, tests it, switches it off; its key goes in and never comes out."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from app.core.audit import AuditEntry
from app.core.db import session
from app.core.errors import Conflict, NotAllowed
from app.core.installation import configure, installation
from app.language_models import operations
from app.language_models.models import model_settings
from app.language_models.operations import testing
from app.language_models.queries import chosen_model
from tests.language_models.conftest import KEY, answers
from tests.support.model_server import ends_too_early, refuses, says, stalls

PAGE = "/admin/language-model"


@pytest.fixture
def environment(database) -> Iterator[None]:
    """Name a model in the environment."""
    here = installation()
    configure(replace(here, model_url="http://outside.test/v1", model_key="k", model_name="outside"))
    yield
    configure(here)


class TestSetUp:
    def test_keeps_the_key_encrypted_and_shows_only_its_end(self, key, api, address):
        sent = {"baseUrl": f"{address}/", "model": "little", "key": KEY, "readPrice": 0.15, "currency": "EUR"}

        answer = api("PUT", PAGE, key, json=sent)

        assert answer.status_code == 200
        assert answer.json["data"] == {
            "isOn": True,
            "source": "settings",
            "baseUrl": address,
            "model": "little",
            "keyIsSet": True,
            "keyLastFour": "0123",
            "readPrice": 0.15,
            "writtenPrice": None,
            "currency": "EUR",
            "testedAt": None,
            "test": None,
        }
        assert model_settings().key == KEY
        assert KEY not in session.scalar(text("SELECT key FROM language_model"))

    def test_is_written_into_the_audit_log_without_the_key(self, model, olga):
        line = session.scalars(select(AuditEntry).where(AuditEntry.act == "language_model.set_up")).one()

        assert (line.actor_id, line.subject) == (olga.id, "little")
        assert KEY not in line.detail

    def test_what_is_missing_stays(self, model, key, api):
        answer = api("PUT", PAGE, key, json={"model": "larger", "writtenPrice": None})

        assert (answer.json["data"]["model"], answer.json["data"]["keyIsSet"]) == ("larger", True)
        assert (answer.json["data"]["readPrice"], answer.json["data"]["writtenPrice"]) == (2.0, None)

    def test_a_key_does_not_follow_to_another_address(self, model, key, api):
        answer = api("PUT", PAGE, key, json={"baseUrl": "https://elsewhere.test/v1"})

        assert answer.status_code == 422
        assert answer.json["errors"][0]["loc"] == ["body", "key"]
        assert model_settings().base_url != "https://elsewhere.test/v1"

    @pytest.mark.parametrize(
        ("sent", "field"),
        [
            ({"baseUrl": "ftp://x", "model": "m"}, "baseUrl"),
            ({"baseUrl": "http://me:pw@x/v1", "model": "m"}, "baseUrl"),
            ({"baseUrl": "http://x/v1?key=1", "model": "m"}, "baseUrl"),
            ({"baseUrl": "http://x/v1"}, "model"),
            ({"baseUrl": "http://x/v1", "model": "m", "currency": "euro"}, "currency"),
            ({"baseUrl": "http://x/v1", "model": "m", "readPrice": -1}, "readPrice"),
        ],
    )
    def test_says_what_does_not_hold(self, key, api, sent, field):
        answer = api("PUT", PAGE, key, json=sent)

        assert answer.status_code == 422
        assert answer.json["errors"][0]["loc"] == ["body", field]
        assert chosen_model() is None

    def test_is_for_the_admin_of_the_installation(self, people, api, browse):
        for person in (people.ada, people.eve):
            assert browse(person).get(PAGE).status_code == 403
        assert api("GET", PAGE, people.key(people.ada)).status_code == 403
        with pytest.raises(NotAllowed):
            operations.set_up(by=people.ada, base_url="http://x/v1", model="m")


class TestThePage:
    def test_saves_without_javascript_and_leads_to_the_test(self, olga, browse, address):
        sent = {"base_url": address, "model": "little", "key": KEY, "read_price": "", "currency": "USD"}

        answer = browse(olga).post(PAGE, sent)

        assert (answer.status_code, answer.location) == (303, f"{PAGE}#test")
        page = browse(olga).get(PAGE).text
        assert "ends with 0123" in page
        assert KEY not in page

    def test_keeps_what_was_typed_and_never_the_key(self, olga, browse):
        answer = browse(olga).post(PAGE, {"base_url": "nowhere", "model": "little", "key": KEY})

        assert answer.status_code == 422
        assert 'value="nowhere"' in answer.text
        assert "Write it like https://api.example.com/v1" in answer.text
        assert KEY not in answer.text

    def test_an_empty_key_stays_and_a_box_takes_it_away(self, model, olga, browse, address):
        sent = {"base_url": address, "model": "little", "key": "", "currency": "USD"}

        browse(olga).post(PAGE, sent)
        kept = model_settings().key
        browse(olga).post(PAGE, {**sent, "without_key": "1"})

        assert (kept, model_settings().key) == (KEY, None)

    def test_says_what_the_environment_names(self, environment, olga, browse):
        page = browse(olga).get(PAGE).text

        assert "The environment names one" in page
        assert "outside at http://outside.test/v1" in page


class TestWhichOne:
    def test_is_that_of_the_environment_until_an_admin_names_one(self, environment, olga, address):
        before = chosen_model()
        operations.set_up(by=olga, base_url=address, model="little")
        named = chosen_model()
        operations.forget(by=olga)

        assert (before.endpoint.model, before.is_from_environment) == ("outside", True)
        assert (named.endpoint.model, named.is_from_environment) == ("little", False)
        assert chosen_model().endpoint.model == "outside"

    def test_is_none_where_it_is_switched_off_whoever_named_it(self, environment, key, api):
        answer = api("PUT", PAGE, key, json={"isOn": False})

        assert (answer.json["data"]["isOn"], answer.json["data"]["source"]) == (False, "environment")
        assert chosen_model() is None
        api("PUT", PAGE, key, json={"isOn": True})
        assert chosen_model().endpoint.model == "outside"

    def test_a_switch_without_a_model_is_refused(self, olga, browse):
        with pytest.raises(Conflict):
            operations.switch(by=olga, is_on=False)
        assert browse(olga).post(f"{PAGE}/switch", {"is_on": "false"}).status_code == 422

    def test_the_switch_of_the_page_is_in_the_audit_log(self, model, olga, browse):
        browse(olga).post(f"{PAGE}/switch", {"is_on": "false"})

        assert chosen_model() is None
        assert session.scalars(select(AuditEntry.act).order_by(AuditEntry.id.desc())).first() == (
            "language_model.switched_off"
        )
        assert "Switched off" in browse(olga).get(PAGE).text

    def test_taken_away_it_takes_the_key_along(self, model, key, api):
        assert api("DELETE", PAGE, key).json["data"]["source"] == "none"

        assert model_settings() is None


class TestTest:
    def test_asks_something_tiny_and_says_that_it_works(self, model, key, api):
        model.scenes = answers({"total": 5})

        answer = api("POST", f"{PAGE}/test", key)

        assert (answer.status_code, answer.json["data"]["code"]) == (200, "works")
        assert model.keys == [f"Bearer {KEY}"]
        assert model.asked[0]["max_tokens"] <= 300
        assert api("GET", PAGE, key).json["data"]["test"] == answer.json["data"]

    @pytest.mark.parametrize(
        ("scene", "code", "words"),
        [
            (refuses(401), "model_refuses", "does not take the key"),
            (refuses(404), "model_unknown", "There is no model little"),
            (refuses(429), "model_busy", "it answered with 429"),
            (refuses(503), "model_busy", "it answered with 503"),
            (ends_too_early, "model_busy", "its answer broke off"),
            (stalls, "model_busy", "nothing came for 0.3 seconds"),
            (says("I would say five."), "model_answers_wrongly", "did not answer in the form"),
            (says('{"total": 6}'), "model_answers_wrongly", "did not answer in the form"),
        ],
        ids=["key", "unknown", "busy", "down", "breaks off", "stalls", "no JSON", "wrong"],
    )
    def test_says_in_words_what_is_wrong_after_one_asking(self, model, olga, monkeypatch, scene, code, words):
        monkeypatch.setattr(testing, "_SILENCE_SECONDS", 0.3)
        model.scenes = [scene]

        outcome = operations.test(by=olga)

        assert (outcome.code, model_settings().test_code) == (code, code)
        assert words in outcome.words
        assert len(model.asked) == 1

    def test_the_page_shows_it(self, model, olga, browse):
        model.scenes = [refuses(401)]

        answer = browse(olga).post(f"{PAGE}/test")

        assert (answer.status_code, answer.location) == (303, f"{PAGE}#test")
        page = browse(olga).get(PAGE).text
        assert "It does not work" in page
        assert "does not take the key" in page
        assert KEY not in page

    def test_nobody_at_the_address(self, olga):
        operations.set_up(by=olga, base_url="http://127.0.0.1:1/v1", model="little")

        assert "nobody answers at its address" in operations.test(by=olga).words

    def test_a_change_forgets_what_it_said(self, model, olga, key, api):
        model.scenes = answers({"total": 5})
        operations.test(by=olga)

        api("PUT", PAGE, key, json={"model": "larger"})

        assert model_settings().test_code is None

    def test_without_a_model_there_is_nothing_to_test(self, olga, key, api):
        assert api("POST", f"{PAGE}/test", key).status_code == 409
