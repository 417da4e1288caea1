"""Programs and data: their strings, and the markup that JSX and some strings hold."""

import re
from collections.abc import Iterator
from functools import partial

from app.integrations.coding_agent.touch_up import writing
from app.integrations.coding_agent.touch_up.spots import OPAQUE, Holds, Spot, Writer, decoded

_ESCAPE = (
    r"\\(?:u\{(?P<long>[0-9a-fA-F]{1,6})\}|u(?P<four>[0-9a-fA-F]{4})|x(?P<two>[0-9a-fA-F]{2})"
    r"|(?P<line>\r?\n)|(?P<sign>[^\n]))"
)
_ESCAPES = re.compile(_ESCAPE)
_TEMPLATE = re.compile(rf"{_ESCAPE}|\$\{{(?:[^{{}}]++|\{{[^{{}}]*+\}})*+\}}")
_FORMATTED = re.compile(rf"{_ESCAPE}|\{{\{{|\}}\}}|\{{[^{{}}]*\}}")
_SIGNS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|\{\{|\{%")

_SCRIPT = re.compile(
    r"//[^\n]*|/\*.*?(?:\*/|\Z)"
    r"|(?P<regex>(?<=[(,=:\[!&|?{};\n])[ \t]*+/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*+\]|[^/\\\n\[])++/)"
    r"|(?P<string>\"(?:\\.|[^\"\\\n])*+\"|'(?:\\.|[^'\\\n])*+'"
    r"|`(?:\\.|\$\{(?:[^{}`]++|\{[^{}]*+\})*+\}|[^`\\])*+`)"
    r"|(?P<jsx>(?:(?<=[(,=:\[!&|?{};>\n])|(?<=return)|(?<=default))\s*+<(?=[a-zA-Z>]))",
    re.DOTALL,
)
_JSON = re.compile(r"(?P<string>\"(?:\\.|[^\"\\\n])*\")(?P<key>\s*:)?")
_PYTHON = re.compile(
    r"#[^\n]*|(?P<prefix>(?<!\w)[rbufRBUF]{0,2})"
    r"(?P<string>\"\"\".*?\"\"\"|'''.*?'''|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*')",
    re.DOTALL,
)
_PLAIN = re.compile(r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'")
_IMPORT = re.compile(r"(?:\bfrom|\bimport|\brequire\s*\(|\bimport\s*\()\s*$")
_IMPORT_REACH = 20


def script_spots(source: str, *, jsx: bool) -> Iterator[Spot]:
    """Read a script; with `jsx` its elements are read as the markup that they are."""
    at = 0
    while found := _SCRIPT.search(source, at):
        at = max(found.end(), at + 1)
        if found["string"]:
            if not _IMPORT.search(source, max(0, found.start() - _IMPORT_REACH), found.start()):
                yield from _string(source, found.start("string"), found.end("string"))
        elif found["jsx"] is not None and jsx:
            from app.integrations.coding_agent.touch_up.elements import element_spots

            read = element_spots(source, found.end() - 1)
            if read is not None:
                spots, at = read
                yield from spots


def json_spots(source: str) -> Iterator[Spot]:
    """Read data; what names a value is not shown."""
    for found in _JSON.finditer(source):
        if found["key"] is None:
            yield from _string(source, found.start("string"), found.end("string"))


def python_spots(source: str) -> Iterator[Spot]:
    """Read a program in Python; what explains the program is not shown."""
    for found in _PYTHON.finditer(source):
        written, prefix = found["string"], (found["prefix"] or "").lower()
        if written is None or "b" in prefix or (len(written) > 5 and _explains(source, found, written)):  # noqa: PLR2004 - two long marks
            continue
        yield from _string(
            source, found.start("string"), found.end("string"), raw="r" in prefix, formatted="f" in prefix
        )


def _explains(source: str, found: re.Match[str], written: str) -> bool:
    before = source[source.rfind("\n", 0, found.start()) + 1 : found.start()]
    return written[:3] in {'"""', "'''"} and not before.strip()


def string_spots(source: str, begin: int, end: int) -> Iterator[Spot]:
    """Read the strings of an expression in a template."""
    for found in _PLAIN.finditer(source, begin, end):
        yield from _string(source, found.start(), found.end())


def _string(
    source: str, begin: int, end: int, *, raw: bool = False, formatted: bool = False
) -> Iterator[Spot]:
    length = 3 if source[begin : begin + 3] in {'"""', "'''"} else 1
    mark, begin, end = source[begin], begin + length, end - length
    pattern = _TEMPLATE if mark == "`" else _FORMATTED if formatted else _ESCAPES
    if raw:
        shown, at = source[begin:end], list(range(begin, end + 1))
    else:
        shown, at = decoded(source, begin, end, pattern, _meant)
    write: Writer = _never if raw or formatted else partial(writing.for_plain_string, mark)
    if _MARKUP.search(shown) and not raw and not formatted:
        from app.integrations.coding_agent.touch_up.markup import markup_spots

        yield from (spot.moved(at, partial(writing.for_string, mark)) for spot in markup_spots(shown))
    else:
        yield Spot(holds=Holds.STRING, shown=shown, at=at, write=write)


def _meant(found: re.Match[str]) -> str:
    number = found["long"] or found["four"] or found["two"]
    if number:
        return chr(int(number, 16)) if int(number, 16) < 0x110000 else OPAQUE  # noqa: PLR2004 - where Unicode ends
    if found["line"]:
        return ""
    if found["sign"]:
        return _SIGNS.get(found["sign"], found["sign"])
    return found[0][0] if found[0] in {"{{", "}}"} else OPAQUE


def _never(words: str) -> None:
    del words
