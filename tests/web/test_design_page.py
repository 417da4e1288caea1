"""The design page and the layouts show themselves, with and without a frame."""

import re
from datetime import timedelta
from enum import Enum

import pytest
from flask import Flask, render_template, render_template_string

from app.core.clock import now
from app.web import formats
from app.web.prose import prose


def test_everybody_may_see_every_component(app: Flask) -> None:
    answer = app.test_client().get("/design")

    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    for shown in (
        "Ready to try",
        "request-card",
        "diff-lines",
        "log__lines",
        "feed__entry",
        "choice-card",
        "errors",
    ):
        assert shown in html
    assert "None" not in re.sub(r"<[^>]*>", " ", html)


def test_each_id_stands_once(app: Flask) -> None:
    html = app.test_client().get("/design").get_data(as_text=True)

    ids = re.findall(r'\sid="([^"]+)"', html)

    assert sorted(ids) == sorted(set(ids))


def test_plain_page_repeats_what_was_refused(app: Flask) -> None:
    html = app.test_client().get("/design/plain").get_data(as_text=True)

    assert 'value="ada@"' in html
    assert 'aria-invalid="true"' in html
    assert 'href="#field-email"' in html
    assert 'name="csrf_token"' in html


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 410, 413, 418, 422, 429, 500, 503])
def test_an_error_says_what_to_do(app: Flask, status: int) -> None:
    html = app.test_client().get(f"/design/errors/{status}").get_data(as_text=True)

    assert "This is where the sentence of the error stands" in html
    assert "Go home" in html


def test_a_toast_is_one_element_with_an_id(app: Flask) -> None:
    with app.test_request_context("/"):
        html = render_template("errors/_toast.html", status=409, kind="conflict", message="<b>no</b>")

    assert html.strip().startswith('<div class="toast')
    assert 'id="toast-409"' in html
    assert "&lt;b&gt;no" in html


def test_the_shell_stands_without_anybody_and_without_a_place(app: Flask) -> None:
    with app.test_request_context("/"):
        html = render_template("layouts/app.html", nav=None, current_user=None)

    assert 'id="content"' in html
    assert "Sign out" not in html


def test_needs_you_stands_in_the_title(app: Flask) -> None:
    with app.test_request_context("/"):
        html = render_template("layouts/app.html", nav={"needs_you": 4, "items": []}, current_user=None)

    assert "<title>(4) " in html


@pytest.mark.parametrize(
    ("back", "words"),
    [(5, "just now"), (125, "2 min ago"), (7300, "2 h ago"), (90000, "1 day ago"), (-7300, "in 2 h")],
)
def test_times_are_relative(app: Flask, back: float, words: str) -> None:
    with app.test_request_context("/"):
        assert formats.ago(now() - timedelta(seconds=back)) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.42, "0.4 s"), (42, "42 s"), (60, "1 min"), (200, "3 min 20 s"), (7500, "2 h 5 min")],
)
def test_lengths_carry_units(seconds: float, words: str) -> None:
    assert formats.duration(seconds) == words


@pytest.mark.parametrize(
    ("name", "letters"), [("Ada Lovelace", "AL"), ("bob@x.org", "BO"), ("Dan", "D"), ("  ", "?")]
)
def test_a_face_has_letters_and_keeps_its_tone(name: str, letters: str) -> None:
    assert formats.initials(name) == letters
    assert 1 <= formats.face_tone(name) <= 8
    assert formats.face_tone(name) == formats.face_tone(name)


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[click](javascript:alert(1))",
        '<p style="position:fixed">over everything</p>',
        '<form action="/x"><input name=a></form>',
    ],
)
def test_what_people_write_cannot_act(evil: str) -> None:
    html = str(prose(evil))

    assert not re.search(r"<(script|form|input|img|p )|href=\"javascript", html)


def test_what_people_write_keeps_its_shape() -> None:
    html = str(prose("**bold** and https://example.org\n\n- one\n- two"))

    assert "<strong>bold</strong>" in html
    assert 'rel="noopener noreferrer nofollow"' in html
    assert html.count("<li>") == 2


class Level(Enum):
    URGENT = "urgent"
    BUG = "bug"
    READY = "in_review"


def test_states_take_enums_and_words(app: Flask) -> None:
    source = (
        '{% from "components/state.html" import priority, type_of, request_state %}'
        "{{ priority(urgent) }}{{ type_of(bug) }}{{ request_state(ready) }}{{ request_state('in_review') }}"
    )
    with app.test_request_context("/"):
        html = render_template_string(source, urgent=Level.URGENT, bug=Level.BUG, ready=Level.READY)

    assert "Urgent" in html
    assert "Bug" in html
    assert html.count("Ready to try") == 2
