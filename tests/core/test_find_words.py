"""What somebody types becomes words, never the syntax of a database; and what was found is marked."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.search import Piece, excerpt, marked, read_words, words_in

ANYTHING = st.text(max_size=200)
_SQLITE = re.compile(r'"\w+"( \+ "\w+")*( \*)?( AND "\w+"( \+ "\w+")*( \*)?)*')
_POSTGRES = re.compile(r"\('\w+'( <-> '\w+')*(:\*)?\)( & \('\w+'( <-> '\w+')*(:\*)?\))*")


def found(text: str, typed: str) -> list[str]:
    return [piece.text for piece in marked(text, read_words(typed)) if piece.is_hit]


class TestReadWords:
    def test_takes_each_word_as_the_beginning_of_one(self):
        assert read_words("Öffnung zeit").for_sqlite() == '"Öffnung" * AND "zeit" *'
        assert read_words("Öffnung zeit").for_postgres() == "('offnung':*) & ('zeit':*)"

    def test_takes_what_is_quoted_as_it_stands(self):
        assert read_words('"opening hours"').for_sqlite() == '"opening" + "hours"'
        assert read_words('"opening hours"').for_postgres() == "('opening' <-> 'hours')"

    def test_takes_a_number_as_one(self):
        assert read_words("#12").number == 12
        assert read_words("#12").phrases == ()
        assert read_words("12").number == 12
        assert len(read_words("12").phrases) == 1
        assert read_words("#12 hours").number is None

    @pytest.mark.parametrize("signs", ["", "%", '"', '""', "'; --", "\\", "***", "#"])
    def test_finds_no_words_in_signs(self, signs):
        assert read_words(signs).are_none

    @given(ANYTHING)
    def test_writes_nothing_but_quoted_words_and_our_own_signs(self, typed):
        words = read_words(typed)

        assert words.are_none or words.number is not None or _SQLITE.fullmatch(words.for_sqlite())
        assert words.are_none or words.number is not None or _POSTGRES.fullmatch(words.for_postgres())


class TestMarks:
    def test_marks_the_beginnings_whatever_case_and_accents(self):
        assert found("Café: Öffnungszeiten zeigen", "cafe OFFNUNG") == ["Café", "Öffnungszeiten"]

    def test_marks_a_quoted_word_only_whole(self):
        assert found("Hours by the hour", '"hour"') == ["hour"]

    @given(ANYTHING, ANYTHING)
    def test_keeps_every_letter(self, text, typed):
        assert "".join(piece.text for piece in marked(text, read_words(typed))) == text

    def test_shows_the_place_in_a_long_text(self):
        text = "word " * 100 + "the opening hours " + "word " * 100

        shown = excerpt(text, read_words("opening"), most=80)

        assert Piece("opening", is_hit=True) in shown
        assert shown[0].text.startswith("… ")
        assert shown[-1].text.endswith(" …")
        assert len("".join(piece.text for piece in shown)) <= 84

    def test_shows_nothing_where_nothing_stands(self):
        assert excerpt("Something else", read_words("opening")) == []

    @given(ANYTHING, ANYTHING)
    def test_shows_a_place_of_any_text(self, text, typed):
        shown = "".join(piece.text for piece in excerpt(text, read_words(typed), most=40))

        assert shown == "" or shown.strip("… ") in " ".join(text.split())

    def test_folds_words(self):
        assert words_in("Näher, als du denkst!") == ["naher", "als", "du", "denkst"]
