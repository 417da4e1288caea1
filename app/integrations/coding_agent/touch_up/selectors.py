"""How an element stands in a page: a selector read, and compared with the elements of a source."""

import re
from dataclasses import dataclass, field

_STEP = re.compile(
    r"(?P<tag>[a-zA-Z][\w-]*|\*)?(?P<rest>(?:#(?:\\.|[\w-])+|\.(?:\\.|[\w-])+|:nth-of-type\(\d+\))*)$"
)
_PART = re.compile(r"#((?:\\.|[\w-])+)|\.((?:\\.|[\w-])+)|:nth-of-type\((\d+)\)")
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6}) ?|(.))")
_SPLIT = re.compile(r"\s*>\s*")


@dataclass(slots=True, eq=False)
class Element:
    """An element of a source file; `is_moving` where a program decides what stands inside of it."""

    tag: str
    id: str | None = None
    classes: frozenset[str] = frozenset()
    parent: "Element | None" = None
    nth: int = 1
    is_moving: bool = False
    counts: dict[str, int] = field(default_factory=dict)

    def child(self, tag: str, id_: str | None, classes: frozenset[str]) -> "Element":
        self.counts[tag] = self.counts.get(tag, 0) + 1
        return Element(tag, id_, classes, self, self.counts[tag])

    @property
    def is_root(self) -> bool:
        return not self.tag

    @property
    def is_component(self) -> bool:
        """Tell whether a program decides what this becomes on the page."""
        return (
            self.tag[:1].isupper() or self.tag in {"template", "slot"} or "-" in self.tag or "." in self.tag
        )


@dataclass(frozen=True, slots=True)
class Step:
    """One element of a selector's path."""

    tag: str = ""
    id: str = ""
    classes: frozenset[str] = frozenset()
    nth: int = 0


def steps_of(selector: str) -> list[Step]:
    """Read a path of children, outermost first; nothing where it says more than we understand."""
    steps = [_step(part) for part in _SPLIT.split(selector.strip())] if selector.strip() else []
    return [step for step in steps if step] if all(steps) else []


def _step(part: str) -> Step | None:
    read = _STEP.match(part)
    if read is None or not part:
        return None
    tag, id_, classes, nth = (read["tag"] or "").lower().strip("*"), "", set[str](), 0
    for name, class_, count in _PART.findall(read["rest"]):
        id_ = _unescaped(name) if name else id_
        nth = int(count) if count else nth
        if class_:
            classes.add(_unescaped(class_))
    return Step(tag, id_, frozenset(classes), nth)


def _unescaped(name: str) -> str:
    return _ESCAPE.sub(lambda found: _character(found[1]) if found[1] else found[2], name)


def _character(digits: str) -> str:
    number = int(digits, 16)
    return chr(number) if number < 0x110000 else ""  # noqa: PLR2004 - where Unicode ends


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far a source element is the one of a selector."""

    contradicts: bool = False
    is_whole: bool = False


def agreement(element: Element | None, steps: list[Step]) -> Agreement:
    """Compare an element and what it stands in with a selector's path, from the inside out."""
    here = element
    for step in reversed(steps):
        if here is None or here.is_root or here.is_component:
            return Agreement()
        if step.tag == "tbody" and here.tag != "tbody":
            continue  # browsers put it in by themselves
        if not _agrees(here, step):
            return Agreement(contradicts=True)
        here = here.parent
    return Agreement(is_whole=bool(steps))


def _agrees(element: Element, step: Step) -> bool:
    if step.tag and step.tag != element.tag:
        return False
    if step.id and element.id is not None and step.id != element.id:
        return False
    knows_place = element.parent is not None and not element.parent.is_root and not element.parent.is_moving
    return not (step.nth and knows_place and step.nth != element.nth)
