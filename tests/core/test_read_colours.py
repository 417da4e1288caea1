"""Words on a colour can be read, whatever colour somebody chose."""

import itertools

import pytest

from app.core.colours import BLACK, WHITE, as_hex, contrast, readable_on


@pytest.mark.parametrize(
    ("written", "read"),
    [("#1F8F5F", "#1f8f5f"), (" #abc ", "#aabbcc"), ("red", None), ("#12345", None), ("#gggggg", None)],
)
def test_reads_colours_as_people_write_them(written, read):
    assert as_hex(written) == read


def test_measures_as_the_guidelines_do():
    assert contrast(BLACK, WHITE) == pytest.approx(21)
    assert contrast("#767676", WHITE) == pytest.approx(4.54, abs=0.01)
    assert contrast("#1f8f5f", "#1f8f5f") == 1


def test_finds_words_that_stand_out_on_every_colour():
    steps = ("00", "33", "66", "77", "99", "cc", "ff")
    colours = ["#" + "".join(parts) for parts in itertools.product(steps, repeat=3)]

    assert [colour for colour in colours if contrast(readable_on(colour), colour) < 4.5] == []
