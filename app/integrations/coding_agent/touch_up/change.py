"""Edits put into the sources, each seen to change just what it names."""

from dataclasses import replace

from app.integrations.coding_agent.edits import Edit, Finding
from app.integrations.coding_agent.touch_up import writing
from app.integrations.coding_agent.touch_up.finding import Finder, Match, written
from app.integrations.coding_agent.touch_up.sources import Sources, spots_of
from app.integrations.coding_agent.touch_up.spots import Spot, fold

Taken = list[tuple[int, Match, str]]


def settle(edits: list[Edit], sources: Sources) -> tuple[list[Finding], dict[str, str]]:
    """Say where each edit lands, and return the files that read otherwise with all of them.

    All are looked for in the sources as they are; what is not there is looked for once more in what the
    others made, since people correct what they have just put in.
    """
    findings, taken = _first_look(edits, sources)
    texts = _written(taken, sources)
    for number, edit in enumerate(edits):
        if findings[number].trouble == "not_found":
            later = sources.changed(texts)
            finding, matches = Finder(later).find(edit)
            made = _written([(number, match, str(written(match, edit))) for match in matches], later)
            if finding.is_settled and made:
                findings[number], texts = finding, {**texts, **made}
    return findings, texts


def _first_look(edits: list[Edit], sources: Sources) -> tuple[list[Finding], Taken]:
    finder, findings, taken = Finder(sources), list[Finding](), Taken()
    for number, edit in enumerate(edits):
        finding, matches = finder.find(edit)
        wanted = [(number, match, str(written(match, edit))) for match in matches]
        if any(_clash(one, other) for one in wanted for other in taken):
            finding = replace(finding, chosen=[], trouble="overlaps")
        elif not all(_holds(sources, match, words, edit) for _, match, words in wanted):
            finding = replace(finding, chosen=[], trouble="by_hand")
        else:
            taken += [one for one in wanted if not any(_is_same(one, other) for other in taken)]
        findings.append(finding)
    return findings, taken


def _clash(one: tuple[int, Match, str], other: tuple[int, Match, str]) -> bool:
    (_, here, words), (_, there, others) = one, other
    if here.path != there.path or here.end <= there.start or there.end <= here.start:
        return False
    return not _is_same(one, other) or words != others


def _is_same(one: tuple[int, Match, str], other: tuple[int, Match, str]) -> bool:
    (_, here, words), (_, there, others) = one, other
    return (here.path, here.start, here.end, words) == (there.path, there.start, there.end, others)


def _holds(sources: Sources, match: Match, words: str, edit: Edit) -> bool:
    """Tell whether the file, read anew, shows what it should there and the same everywhere else."""
    text = sources.text(match.path) or ""
    before = sources.spots(match.path)
    after = list(spots_of(match.path, text[: match.start] + words + text[match.end :]))
    if len(before) != len(after):
        return False
    return all(
        fold(new.shown) == _wanted(old, match, edit) and new.holds is old.holds
        if _covers(old, match)
        else not _differs(old, new)
        for old, new in zip(before, after, strict=True)
    )


def _wanted(spot: Spot, match: Match, edit: Edit) -> str:
    """Return what a spot shows that the change lies in."""
    begin, end = spot.at.index(match.start), spot.at.index(match.end)
    to = edit.to
    if edit.kind in {"href", "src"}:
        to = writing.as_address(edit.kind, to) or ""
    elif edit.kind == "color":
        to = writing.for_colour(to) or ""
    return fold(spot.shown[:begin] + to + spot.shown[end:])


def _differs(before: Spot, after: Spot) -> bool:
    return (before.holds, before.shown, before.name, before.rule) != (
        after.holds,
        after.shown,
        after.name,
        after.rule,
    )


def _covers(spot: Spot, match: Match) -> bool:
    return match.start in spot.at and match.end in spot.at


def _written(taken: Taken, sources: Sources) -> dict[str, str]:
    texts: dict[str, str] = {}
    for _, match, words in sorted(taken, key=lambda one: one[1].start, reverse=True):
        text = texts.get(match.path, sources.text(match.path) or "")
        texts[match.path] = text[: match.start] + words + text[match.end :]
    return texts
