"""Every text of the design system can be read in both themes (WCAG 2.2 AA)."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "static" / "css"
PAIR = re.compile(r"--([a-z0-9-]+): light-dark\((#[0-9a-f]{3,8}), (#[0-9a-f]{3,8})\)")
SURFACES = ("canvas", "surface", "sunken", "raised", "hover")
TONES = ("neutral", "running", "waiting", "ready", "failed")


def tokens() -> dict[str, tuple[str, str]]:
    return {name: (light, dark) for name, light, dark in PAIR.findall((CSS / "tokens.css").read_text())}


def luminance(colour: str) -> float:
    colour = colour.lstrip("#")
    if len(colour) == 3:
        colour = "".join(digit * 2 for digit in colour)
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def texts() -> list[tuple[str, str]]:
    plain = [(ink, surface) for ink in ("ink", "ink-2", "ink-3") for surface in SURFACES]
    links = [("accent-ink", surface) for surface in (*SURFACES, "accent-wash")]
    states = [
        (f"{tone}-ink", ground)
        for tone in TONES
        for ground in (f"{tone}-wash", "surface", "canvas", "raised")
    ]
    on_states = [("ink", f"{tone}-wash") for tone in TONES] + [("ink-2", f"{tone}-wash") for tone in TONES]
    code = [(name, "sunken") for name in tokens() if name.startswith("code-")]
    return [
        *plain,
        *links,
        *states,
        *on_states,
        *code,
        ("on-accent", "accent"),
        ("on-accent", "accent-hover"),
    ]


@pytest.mark.parametrize(("ink", "ground"), texts())
@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_text_stands_out_from_its_ground(ink: str, ground: str, theme: int) -> None:
    known = tokens()

    assert contrast(known[ink][theme], known[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("edge", ["control-line", "focus"])
def test_edges_of_controls_stand_out(edge: str, theme: int) -> None:
    known = tokens()

    assert contrast(known[edge][theme], known["surface"][theme]) >= 3


@pytest.mark.parametrize("tone", range(1, 9))
@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_faces_can_be_read(tone: int, theme: int) -> None:
    rule = re.search(rf"\.avatar--{tone} {{(.*?)}}", (CSS / "avatar.css").read_text())
    assert rule
    ground, ink = re.findall(r"light-dark\((#[0-9a-f]+), (#[0-9a-f]+)\)", rule[1])

    assert contrast(ground[theme], ink[theme]) >= 4.5


def test_every_property_that_is_used_is_defined() -> None:
    sheets = "\n".join(sheet.read_text() for sheet in CSS.glob("*.css"))
    defined = set(re.findall(r"(?:^|[\s{;])(--[a-z0-9-]+):", sheets))

    used = set(re.findall(r"var\((--[a-z0-9-]+)[,)]", sheets))

    assert used - defined == set()


def test_every_sheet_is_linked_and_stands_in_a_layer() -> None:
    templates = CSS.parents[1] / "templates"
    everywhere = (templates / "layouts" / "base.html").read_text()
    by_one_page = "\n".join(page.read_text() for page in templates.rglob("page.html"))

    for sheet in CSS.glob("*.css"):
        assert f'"{sheet.stem}"' in everywhere or f"css/{sheet.name}" in by_one_page, sheet.name
        assert "@layer" in sheet.read_text()
