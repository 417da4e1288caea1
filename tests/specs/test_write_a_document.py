"""The built-in writer: every point of a text is in exactly one story, and no word comes from nowhere."""

import re

import pytest

from app.specs.document import Document, Technology
from app.specs.renderings import for_people, read_milestones, write_milestones
from app.specs.writer import PARTS, Brief, BuiltIn
from app.specs.writer.phrases import SET_UP_NAME, WORDS
from app.specs.writer.words import ACTS, SERVICES, TECHNOLOGY, base

CLINIC = """# Clinic

## Patients
- Patients can book appointments
  - at most 3 open at once
- A patient uploads documents up to 10 MB

## Staff
- Doctors see their calendar
"""
SCHOOL = """As a teacher, I want to hand out homework so that nobody forgets it.
As a pupil, I want to upload my solution."""
SHOP = """We need an online shop where customers can search products, pay with Stripe
and return orders within 30 days. Admins manage the stock."""

# A text, and the phrases of which each has to be in exactly one story.
TEXTS = {
    "an opening with an enumeration": (
        "Build a project management tool with task boards, team chat, and file sharing.",
        ["task boards", "team chat", "file sharing"],
    ),
    "sentences with several acts": (
        "Guests can book a table, cancel it, and get reminders by email. The owner must see all bookings today.",
        ["book a table", "cancel it", "get reminders by email", "see all bookings today"],
    ),
    "a list under headings": (
        CLINIC,
        ["book appointments", "upload documents up to 10 MB", "see their calendar", "at most 3 open at once"],
    ),
    "user stories": (
        SCHOOL,
        ["hand out homework", "nobody forgets it", "upload my solution"],
    ),
    "a rule and a condition": (
        "When a task is overdue, the owner gets an email. Visitors must never see prices.",
        ["get an email", "must never see prices"],
    ),
    "a shop in prose": (
        SHOP,
        ["search products", "pay with Stripe", "return orders within 30 days", "manage the stock"],
    ),
    "plain wishes": (
        "Dark mode\nExport to CSV\nSingle sign-on with Google",
        ["Dark mode", "Export to CSV", "ingle sign-on with Google"],
    ),
    "numbers and letters": (
        "1. Drivers accept a ride\n2. Riders rate their driver\n3. Dispatchers cancel a ride",
        ["accept a ride", "rate their driver", "cancel a ride"],
    ),
    "what is there already": (
        "Add dark mode to the settings page. Fix the broken footer link.",
        ["add dark mode to the settings page", "fix the broken footer link"],
    ),
    "one word": ("Newsletter", ["ewsletter"]),
}  # fmt: skip


def document(text: str, **more) -> Document:
    brief, said = Brief(text=text, **more), {}
    for part in PARTS:
        said |= BuiltIn().write(part, brief, said)
    return Document.read(said)


def of_the_text(found: Document):
    return [story for each in found.milestones if each.description != SET_UP_NAME for story in each.stories]


def said_by(story) -> str:
    return write_milestones([_alone(story)]).replace("\\", "").lower()


def _alone(story):
    from app.specs.document import Milestone

    return Milestone(number=1, description="x", stories=[story])


def words_in(value) -> set[str]:
    """Return every word of a text, a list or a structure; ids and kinds are no words."""
    if isinstance(value, str):
        return set(re.findall(r"[^\W\d_]+", value.lower()))
    if isinstance(value, dict):
        left_out = {"id", "kind", "size", "mark", "type", "source", "target", "stories", "priority", "level"}
        kept = [inner for key, inner in value.items() if key not in left_out or isinstance(inner, list)]
        return set().union(*map(words_in, kept))
    return set().union(*map(words_in, value)) if isinstance(value, list) else set()


def known_words(text: str) -> set[str]:
    """Return the words of a text, its verbs and nouns also as they stand alone."""
    mine = words_in(text)
    plain = {base(word) for word in mine} | {word.removesuffix("s") for word in mine}
    return mine | plain | {re.sub("ies$", "y", word) for word in mine} | {"person"}


NAMES = {word for name in (*SERVICES.values(), *(each for pair in TECHNOLOGY.values() for each in pair))
         for word in words_in(name)}  # fmt: skip


class TestTheBuiltInWriter:
    @pytest.mark.parametrize(("text", "points"), TEXTS.values(), ids=TEXTS)
    @pytest.mark.parametrize("is_deep", [False, True], ids=["fast", "deep"])
    def test_puts_every_point_into_exactly_one_story(self, text, points, is_deep):
        stories = of_the_text(document(text, is_deep=is_deep))

        found = {point: [s.id for s in stories if point.lower() in said_by(s)] for point in points}
        assert {point: len(ids) for point, ids in found.items()} == dict.fromkeys(points, 1), found

    @pytest.mark.parametrize(("text", "points"), TEXTS.values(), ids=TEXTS)
    def test_says_no_word_that_stands_neither_in_the_text_nor_in_the_list(self, text, points):
        kept = document(text, is_deep=True).kept()

        strange = words_in(kept) - known_words(text) - WORDS - NAMES - {"us", "st"}
        assert strange == set()

    @pytest.mark.parametrize(("text", "points"), TEXTS.values(), ids=TEXTS)
    def test_writes_the_same_for_the_same(self, text, points):
        first, second = document(text), document(text)

        assert first == second
        assert read_milestones(for_people(first)) == first.milestones

    def test_says_first_that_no_model_was_used(self):
        assert (
            for_people(document("Newsletter")).splitlines()[0].startswith("Written without a language model")
        )

    def test_sets_up_what_is_new_and_nothing_where_something_is(self):
        new, added = document("Newsletter"), document("Newsletter", context="A shop in Flask.")

        assert new.milestones[0].description == SET_UP_NAME
        assert [each.description for each in added.milestones] == ["Newsletter"]

    def test_names_the_sentences_that_a_story_touches(self):
        found = document(
            "Add dark mode to the settings page.", context="The settings page has a form. Mail is sent."
        )

        assert [(tie.quote, tie.stories) for tie in found.ties] == [
            ("The settings page has a form.", ["US-001"])
        ]

    def test_knows_only_the_people_whom_the_text_names(self):
        named = document("Guests can book a table. Dark mode.")

        assert [persona.title for persona in named.personas] == ["Guest"]
        assert document("Dark mode").personas == []

    def test_quotes_the_sentence_of_each_risk(self):
        found = document("Guests pay with Stripe. Maybe there is a menu. The colour is green.")

        assert {(risk.description, risk.quote) for risk in found.risks} == {
            ("Money is involved", "Guests pay with Stripe."),
            ("It depends on others", "Guests pay with Stripe."),
            ("Not everything is decided", "Maybe there is a menu."),
        }

    def test_takes_the_stack_from_the_repository_or_leaves_it_open(self):
        flask = Technology(name="Flask", category="Backend", known_from="requirements.txt")

        assert {each.name for each in document("Dark mode").tech_stack} == {"Undecided"}
        assert [each.name for each in document("Dark mode", stack=(flask,)).tech_stack] == ["Flask"]
        assert "Postgres" in {each.name for each in document("Keep it in Postgres.").tech_stack}

    def test_gives_hours_by_the_published_table(self):
        found = document("Guests can pay with Stripe.", is_deep=True)

        assert "Hours are a rule of thumb by size: XS 1, S 3, M 8, L 20, XL 40." in for_people(found)
        assert found.hours == sum(task.hours for s in found.stories for task in s.sub_tasks) + 4 * 3

    def test_knows_verbs_of_every_kind(self):
        assert all(ACTS.values())

    @pytest.mark.parametrize(
        "text", ["???", "a", "x" * 5000, "- \n-\n#\n", "** **", "Ünï çödé 漢字 \U0001f600"]
    )
    def test_writes_something_of_anything(self, text):
        found = document(text, is_deep=True)

        assert read_milestones(for_people(found)) == found.milestones
