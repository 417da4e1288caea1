"""Where an edit would land: everything that reads so, narrowed by where it stands on the page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.core.gherkin import one_line
from app.integrations.coding_agent.edits import EVERYWHERE, Edit, Finding, Place
from app.integrations.coding_agent.served_folder import ServedFolder, served_folder
from app.integrations.coding_agent.touch_up import addresses, colours, writing
from app.integrations.coding_agent.touch_up.selectors import Step, agreement, steps_of
from app.integrations.coding_agent.touch_up.sources import Sources
from app.integrations.coding_agent.touch_up.spots import Holds, Spot, fold

MOST_PLACES = 30
_WORD = re.compile(r"[A-Za-z0-9]+")
_PASSING = re.compile(r":(?:hover|focus|active|visited|disabled|checked|target|:?placeholder|:?selection)")
_FIELDS = frozenset({"input", "textarea", "img", "option", "area", "iframe", "svg"})
_SEES = {Holds.TEXT, Holds.LABEL, Holds.STRING}
_LONGEST_EXCERPT = 160


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """A stretch of a file that reads as an edit says."""

    path: str
    spot: Spot
    start: int
    end: int
    is_whole: bool = True
    is_sure: bool = True


class Finder:
    """Finds where edits would land in the sources of one commit."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self._site: list[ServedFolder | None] = []

    def find(self, edit: Edit) -> tuple[Finding, list[Match]]:
        """Say where an edit would land, and what it would change there."""
        steps = steps_of(edit.selector)
        found = [match for match in self._matches(edit) if _can_write(match, edit)]
        whole = [match for match in found if match.is_whole] or found
        sure = [match for match in whole if match.is_sure] or whole
        offered = _fitting(edit, steps, sure)
        places = {match: self._place(match) for match in (offered or sure)[:MOST_PLACES]}
        meant = self._narrowed(edit, steps, offered)
        chosen = _chosen(edit, meant, places)
        finding = Finding(
            edit=edit,
            places=sorted(set(places.values())),
            chosen=sorted({places[match] for match in chosen}),
            trouble="" if chosen else _trouble(edit, sure),
        )
        return finding, chosen

    # --- everything that reads so ------------------------------------------------------------------------

    def _matches(self, edit: Edit) -> Iterator[Match]:
        if edit.kind == "text":
            yield from self._texts(edit)
        elif edit.kind == "color":
            yield from self._colours(edit)
        else:
            yield from self._addresses(edit)

    def _texts(self, edit: Edit) -> Iterator[Match]:
        wanted = fold(edit.was)
        if not wanted:
            return
        for path in self.sources.holding(_hook(wanted)):
            for spot in self.sources.spots(path):
                if spot.holds in _SEES:
                    yield from _within(path, spot, wanted)

    def _addresses(self, edit: Edit) -> Iterator[Match]:
        wanted = edit.was.strip()
        if not wanted:
            return
        for path in self.sources.holding(_hook(wanted.rstrip("/").rpartition("/")[2].partition("?")[0])):
            for spot in self.sources.spots(path):
                if spot.holds is not Holds.STRING and not (spot.holds is Holds.ADDRESS and _fits(spot, edit)):
                    continue
                is_same = addresses.is_same(spot.shown, wanted, edit.page)
                alike = addresses.leads_alike(wanted, spot.shown, edit.page)
                if is_same if spot.holds is Holds.ADDRESS else spot.shown == wanted:
                    yield Match(path, spot, spot.at[0], spot.at[-1])
                elif alike and spot.holds is Holds.ADDRESS:
                    yield Match(path, spot, spot.at[0], spot.at[-1], is_sure=False)

    def _colours(self, edit: Edit) -> Iterator[Match]:
        wanted = colours.colour_of(edit.was)
        if wanted is None:
            return
        for path in self.sources.holding(""):
            for spot in self.sources.spots(path):
                if spot.holds in {Holds.COLOUR, Holds.STRING}:
                    meant = colours.colour_of(spot.shown)
                    if meant is not None and colours.is_same(meant, wanted):
                        yield Match(path, spot, spot.at[0], spot.at[-1])

    # --- which of them is meant --------------------------------------------------------------------------

    def _narrowed(self, edit: Edit, steps: list[Step], offered: list[Match]) -> list[Match]:
        """Return those that are meant: on that page, and just there on it."""
        if edit.kind == "color":
            return self._by_rule(steps, offered)
        here = self._on_page(edit.page, offered)
        whole = [match for match in here if agreement(match.spot.element, steps).is_whole]
        return whole if len(whole) == 1 else here

    def _on_page(self, page: str, found: list[Match]) -> list[Match]:
        """Keep what stands in the file of the page, where the site's files are served as they are."""
        path = self._file_of(page)
        here = [match for match in found if match.path == path]
        return here or found

    def _file_of(self, page: str) -> str | None:
        if not self._site:
            self._site.append(served_folder(self.sources.files, self.sources.read))
        site = self._site[0]
        if site is None or site.index is None or not page:
            return None
        inside = page.partition("?")[0].partition("#")[0].strip("/")
        base = f"{site.path}/" if site.path else ""
        names = (inside, f"{inside}.html", f"{inside}/index.html".lstrip("/"))
        return next((f"{base}{name}" for name in names if f"{base}{name}" in self.sources.paths), None)

    def _by_rule(self, steps: list[Step], found: list[Match]) -> list[Match]:
        """Keep the colours of the rules for what was pointed at, else for the nearest it stands in."""
        if len(found) < 2 or not steps:  # noqa: PLR2004 - there is nothing to choose from
            return found
        for step in reversed(steps):
            direct = [match for match in found if match.spot.rule and _is_for(match.spot.rule, step)]
            used = {
                spot.shown
                for path in {match.path for match in found}
                for spot in self.sources.spots(path)
                if spot.holds is Holds.USE and _is_for(spot.rule, step)
            }
            defined = [match for match in found if match.spot.name in used]
            if direct or defined:
                return list({id(match): match for match in [*direct, *defined]}.values())
        return found

    # --- for people --------------------------------------------------------------------------------------

    def _place(self, match: Match) -> Place:
        text = self.sources.text(match.path) or ""
        begin = text.rfind("\n", 0, match.start) + 1
        end = text.find("\n", match.end)
        line = text[begin : end if end >= 0 else len(text)]
        if len(line) > _LONGEST_EXCERPT:
            start = max(0, match.start - begin - _LONGEST_EXCERPT // 4)
            line = line[start : start + _LONGEST_EXCERPT]
        return Place(
            path=match.path,
            line=text.count("\n", 0, match.start) + 1,
            column=match.start - begin + 1,
            excerpt=one_line(line, _LONGEST_EXCERPT),
        )


def _hook(words: str) -> str:
    """Return the longest run of plain letters: it is written the same in every kind of file."""
    return max(_WORD.findall(words), key=len, default="")


def _within(path: str, spot: Spot, wanted: str) -> Iterator[Match]:
    shown, index = spot.folded()
    if shown == wanted:
        yield _match(path, spot, index, 0, len(wanted), is_whole=True)
        return
    if spot.holds is Holds.STRING and " " not in shown:
        return
    at = shown.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        if not (_joins(shown, at) or _joins(shown, end)):
            yield _match(path, spot, index, at, end, is_whole=False)
        at = shown.find(wanted, end)


def _match(path: str, spot: Spot, index: list[int], begin: int, end: int, *, is_whole: bool) -> Match:
    return Match(path, spot, spot.at[index[begin]], _end(spot, index[end - 1]), is_whole=is_whole)


def _end(spot: Spot, place: int) -> int:
    """Return where a shown character ends: several may come of one entity."""
    return next(
        (at for at in spot.at[place + 1 :] if at > spot.at[place]),
        spot.at[-1],
    )


def _joins(shown: str, at: int) -> bool:
    return 0 < at < len(shown) and shown[at - 1].isalnum() and shown[at].isalnum()


def _fits(spot: Spot, edit: Edit) -> bool:
    is_link = spot.name in {"href", "xlink:href"}
    if edit.kind == "href":
        return is_link
    in_picture = spot.element is not None and spot.element.tag in {"image", "use"}
    return not is_link or in_picture


def _can_write(match: Match, edit: Edit) -> bool:
    return written(match, edit) is not None


def written(match: Match, edit: Edit) -> str | None:
    """Return what is to be written where an edit lands."""
    words = fold(edit.to) if edit.kind == "text" else edit.to
    if edit.kind in {"href", "src"}:
        address = writing.as_address(edit.kind, words)
        return None if address is None else match.spot.write(address)
    if edit.kind == "color" and match.spot.holds is Holds.STRING:
        return writing.for_colour(words)
    return match.spot.write(words)


def _fitting(edit: Edit, steps: list[Step], found: list[Match]) -> list[Match]:
    """Leave out what cannot be meant: other elements, and labels where the words stand as text."""
    if edit.kind == "color":
        return found
    is_label = bool(steps) and steps[-1].tag in _FIELDS
    kinds = [match for match in found if (match.spot.holds is Holds.LABEL) is is_label] or found
    return [match for match in kinds if not agreement(match.spot.element, steps).contradicts]


def _is_for(rule: str, step: Step) -> bool:
    """Tell whether one of a rule's selectors ends in what a step describes."""
    return any(_describes(part, step) for part in rule.split(","))


def _describes(selector: str, step: Step) -> bool:
    if _PASSING.search(selector):
        return False
    last = re.split(r"[\s>+~]+", re.sub(r"::?[\w-]+(\([^()]*\))?|\[[^\]]*\]", "", selector).strip())[-1]
    wanted = steps_of(last)
    if not wanted:
        return False
    told = wanted[0]
    return (
        bool(told.tag or told.id or told.classes)
        and told.tag in {"", step.tag}
        and told.id in {"", step.id}
        and told.classes <= step.classes
    )


def _chosen(edit: Edit, meant: list[Match], places: dict[Match, Place]) -> list[Match]:
    if edit.place == EVERYWHERE:
        return list(places)
    if edit.place:
        return [match for match, place in places.items() if place.key == edit.place]
    return meant if len(meant) == 1 else []


def _trouble(edit: Edit, found: list[Match]) -> str:
    if not found:
        return "not_found"
    return "gone" if edit.place else "several" if len(found) > 1 else "elsewhere"
