"""Small changes: written or pointed at, looked at, and put in by who may start the work."""

import json

import pytest

from app.core.errors import Conflict, NotAllowed
from app.core.gherkin import scenarios_of
from app.desk import operations
from app.desk.panel import carried, rows_of
from app.development import operations as development
from app.development.queries import latest_session, open_session
from app.integrations.coding_agent import Edit
from app.projects import operations as projects
from app.projects.models import StartPolicy
from app.projects.queries import repository_of
from app.requests.models import RequestStatus as S
from app.reviews import operations as reviews
from tests.support.road import ready_request

HEADLINE = Edit(
    kind="text", was="Good things, made with care", to="Bread & butter", selector="main h1", page="/"
)
FORM = {"0.kind": "text", "0.from": HEADLINE.was, "0.to": HEADLINE.to, "0.page": "/"}


@pytest.fixture
def unheard():
    """Here the facts are heard: what follows from a change is the point."""


@pytest.fixture
def wish(people, bell):
    return people.request()


@pytest.fixture
def address(wish):
    return f"{wish.path}/touch-up"


def page_on(request, path="index.html"):
    return repository_of(request.project).blob(request.working_branch, path).decode()


# --- who may, and what comes of it -------------------------------------------------------------------------


def test_a_draft_is_put_in_at_once_by_who_may_start_the_work(people, bell, wish):
    operations.touch_up(wish, by=people.bob, edits=[HEADLINE])
    bell.work()

    assert wish.status is S.IN_REVIEW
    assert "<h1>Bread &amp; butter</h1>" in page_on(wish)
    assert wish.edits is None
    assert "Then the page shows" in wish.gherkin_criteria
    assert [step.text for step in scenarios_of(wish.gherkin_criteria)[0].steps][1] == (
        'the page shows "Bread & butter"'
    )


def test_a_requester_asks_and_a_developer_starts_with_one_click(people, bell, wish, browse):
    operations.touch_up(wish, by=people.rae, edits=[HEADLINE])

    assert wish.status is S.READY
    assert wish.edits == [HEADLINE.as_dict()]
    assert "Put in 1 change" in browse(people.bob).get(wish.path).text

    assert browse(people.bob).post(f"{wish.path}/start", {"agent": "touch-up"}).status_code == 303
    bell.work()
    assert wish.status is S.IN_REVIEW
    assert "Bread &amp; butter" in page_on(wish)


def test_or_it_begins_by_itself_where_requesters_may_start(people, bell, wish):
    projects.edit_project(wish.project, by=people.ada, start_policy=StartPolicy.REQUESTER)

    operations.touch_up(wish, by=people.rae, edits=[HEADLINE])
    bell.work()

    assert wish.status is S.IN_REVIEW


def test_the_next_round_is_begun_by_who_tried_it(people, bell, wish):
    operations.touch_up(wish, by=people.bob, edits=[HEADLINE])
    bell.work()

    later = Edit(kind="text", was="Bread & butter", to="Bread and butter", page="/")
    operations.touch_up(wish, by=people.rae, edits=[later])
    bell.work()

    assert (wish.status, wish.round) == (S.IN_REVIEW, 2)
    assert "<h1>Bread and butter</h1>" in page_on(wish)
    assert wish.feedback == "Change the text “Bread & butter” to “Bread and butter”."


def test_a_wish_in_words_after_it_waits_for_somebody_who_reads(people, bell, wish):
    operations.touch_up(wish, by=people.bob, edits=[HEADLINE])
    bell.work()

    reviews.request_changes(wish, by=people.rae, feedback="More cheerful, please.")

    assert wish.status is S.CHANGES_REQUESTED
    assert open_session(wish) is None


def test_a_viewer_may_not_and_a_stranger_finds_nothing(people, wish, address, browse):
    with pytest.raises(NotAllowed):
        operations.touch_up(wish, by=people.vic, edits=[HEADLINE])

    assert browse(people.vic).post(address, FORM).status_code == 403
    assert browse(people.eve).post(address, FORM).status_code == 404
    assert browse(people.eve).get(f"{address}/pointing").status_code == 404
    assert browse(people.vic).get(f"{address}/pointing").status_code == 403


def test_not_while_it_is_being_built_or_over(people, bell, wish):
    operations.touch_up(wish, by=people.bob, edits=[HEADLINE])

    with pytest.raises(Conflict):
        operations.touch_up(wish, by=people.bob, edits=[HEADLINE])


def test_what_could_not_be_put_in_is_said_with_its_places(people, bell, wish, browse):
    operations.touch_up(
        wish, by=people.bob, edits=[HEADLINE, Edit(kind="text", was="Contact", to="Write us")]
    )
    bell.work()

    session = latest_session(wish)
    assert [each["applied"] for each in session.outcome["edits"]] == [True, False]
    work = browse(people.bob).get(f"{wish.path}/work").text
    assert "contact.html:25:26" in work


def test_without_anything_to_put_in_nothing_starts(people, bell):
    request = ready_request(people)

    with pytest.raises(Exception, match="Point at what should change"):
        development.start(request, by=people.bob, agent="touch-up")
    assert request.status is S.READY


# --- the page ----------------------------------------------------------------------------------------------


def test_the_page_says_where_it_lands_and_keeps_nothing(people, wish, address, browse):
    answer = browse(people.rae).post(f"{address}/places", FORM)

    assert answer.status_code == 200
    assert "It lands in index.html, line 27" in answer.text
    assert wish.edits is None
    assert wish.status is S.DRAFT


def test_several_places_are_offered_to_choose_from(people, address, browse):
    answer = browse(people.rae).post(
        f"{address}/places", {"0.kind": "text", "0.from": "Contact", "0.to": "X"}
    )

    assert "Choose the place that is meant" in answer.text
    assert 'value="contact.html:25:26"' in answer.text
    assert "In all 4 places" in answer.text


def test_what_does_not_hold_is_shown_again_with_the_reason(people, wish, address, browse):
    sent = {
        "0.kind": "href",
        "0.from": "about.html",
        "0.to": "javascript:alert(1)",
        "1.kind": "text",
        "1.from": "a",
    }

    answer = browse(people.rae).post(address, sent)

    assert answer.status_code == 422
    assert "one that begins with https://" in answer.text
    assert "javascript:alert(1)" in answer.text
    assert wish.status is S.DRAFT


def test_nothing_written_is_nothing_sent(people, address, browse):
    answer = browse(people.rae).post(address, {"0.kind": "text"})

    assert answer.status_code == 422
    assert "Write what should change." in answer.text


def test_what_a_page_hands_over_is_shown_as_text_and_does_nothing(people, wish, address, browse):
    hostile = [
        {"kind": "text", "from": "<script>x</script>", "to": '"><img src=x onerror=alert(1)>', "selector": 7},
        {"kind": "nonsense", "from": "a", "to": "b", "act": "make"},
        "no object",
    ]

    answer = browse(people.rae).post(f"{address}/places", {"carried": json.dumps(hostile)})

    assert answer.status_code == 200
    assert "<script>x" not in answer.text
    assert "<img src=x" not in answer.text
    assert "&lt;script&gt;x" in answer.text
    assert wish.edits is None


@pytest.mark.parametrize("said", ["", "{", "[1, 2]", '{"a": 1}', "null", "[" * 100_000, "x" * 300_000])
def test_what_is_no_list_of_changes_is_no_change(said):
    assert carried(said) == []


def test_rows_come_in_their_order_and_nothing_else_does():
    form = {
        "10.from": "b",
        "2.from": "a",
        "2.to": "c",
        "x.from": "d",
        "2.act": "e",
        "99999.to": "f",
        "²3.to": "g",
    }

    assert rows_of(form) == [{"from": "a", "to": "c"}, {"from": "b"}]


def test_rows_are_added_and_taken_away(people, address, browse):
    more = browse(people.rae).post(f"{address}/places", {**FORM, "add": "1"})
    less = browse(people.rae).post(f"{address}/places", {**FORM, "1.from": "x", "1.to": "y", "remove": "0"})

    assert 'name="1.from"' in more.text
    assert HEADLINE.was not in less.text
    assert 'name="1.from"' not in less.text


def test_pointing_opens_what_is_live_with_a_pass_for_this_person(people, bell, wish, address, browse):
    from app.core.db import transaction
    from app.engine import handover, routes

    none_runs = browse(people.rae).get(f"{address}/pointing")
    assert none_runs.location == address

    bell.work()
    with transaction():
        routes.point(
            wish.preview_label,
            project_id=wish.project_id,
            organization_id=wish.organization_id,
            directory="/nowhere",
        )
    answer = browse(people.rae).get(f"{address}/pointing")

    assert answer.status_code == 302
    assert answer.location.startswith(
        f"http://{wish.preview_label}.preview.greenroom.test/.greenroom/enter?token="
    )
    token = answer.location.partition("token=")[2].partition("&")[0]
    assert handover.read_token(token, wish.preview_label).points_for == wish.path
    assert answer.headers["Referrer-Policy"] == "no-referrer"


# --- the same for programs ---------------------------------------------------------------------------------


def test_by_the_api(people, bell, api):
    request = ready_request(people)
    edits = [{"selector": "h1", "kind": "text", "from": HEADLINE.was, "to": "Bread"}]
    path = f"/requests/{request.id}/development"

    assert (
        api(
            "POST", f"{path}/start", people.key(people.eve, organization=people.elsewhere), json={}
        ).status_code
        == 404
    )
    refused = api("POST", f"{path}/start", people.key(people.rae), json={"agent": "touch-up", "edits": edits})
    assert refused.status_code == 403
    answer = api("POST", f"{path}/start", people.key(people.bob), json={"agent": "touch-up", "edits": edits})
    assert answer.status_code == 201, answer.json
    bell.work()

    status = api("GET", f"{path}/status", people.key(people.bob)).json["data"]
    assert status["status"] == "completed"
    assert status["edits"] == [
        {
            "kind": "text",
            "from": HEADLINE.was,
            "to": "Bread",
            "selector": "h1",
            "page": "",
            "applied": True,
            "trouble": None,
            "places": [
                {
                    "place": "index.html:27:13",
                    "file": "index.html",
                    "line": 27,
                    "excerpt": f"<h1>{HEADLINE.was}</h1>",
                }
            ],
        }
    ]


def test_the_api_says_which_edit_does_not_hold(people, bell, api):
    request = ready_request(people)
    edits = [{"kind": "color", "from": "red", "to": "url(x)"}, {"kind": "text", "from": "a", "to": "b"}]

    answer = api(
        "POST",
        f"/requests/{request.id}/development/start",
        people.key(people.bob),
        json={"agent": "touch-up", "edits": edits},
    )

    assert answer.status_code == 422
    assert [fault["loc"] for fault in answer.json["errors"]] == [["body", "edits", 0, "to"]]
