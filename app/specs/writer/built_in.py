"""The writer that needs no model: the same text gives the same document, made of the text's own words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from app.specs.document import Entity, Milestone, Persona, Risk, Story, Tie
from app.specs.writer import phrases
from app.specs.writer.acting import act_in
from app.specs.writer.port import Brief
from app.specs.writer.reading import Reading, read, sentences
from app.specs.writer.stories import functionalities_of, milestones_of, title_of
from app.specs.writer.technology import architecture_of, stack_of, user_flow_of
from app.specs.writer.words import CUES, SMALL, is_verb, singular

MOST_RISKS, MOST_TIES = 12, 20


class BuiltIn:
    """Parts a text into its points and makes of each a story that says no more than it does."""

    name: Literal["built-in"] = "built-in"

    def write(self, part: str, brief: Brief, written: Mapping[str, Any]) -> dict[str, Any]:
        match part:
            case "summary":
                return _summary(read(brief.text), replace(brief, is_deep=False))
            case "stories":
                return _stories(read(brief.text), brief)
            case "people":
                return _people(_read(written), brief)
            case "technology":
                return _technology(_read(written), brief)
            case "risks":
                return _risks(_read(written), brief)
        raise ValueError(f"there is no part {part!r}")


def _read(written: Mapping[str, Any]) -> list[Milestone]:
    return [Milestone.model_validate(each) for each in written.get("milestones", [])]


def _dump(parts: Sequence[Any]) -> list[dict[str, Any]]:
    return [part.model_dump(mode="json", by_alias=True) for part in parts]


def _summary(reading: Reading, brief: Brief) -> dict[str, Any]:
    mine = _from_text(milestones_of(reading, brief))
    subject = reading.subject or (
        title_of(act_in(reading.points[0].text).want) if reading.points else brief.text
    )
    title = subject[:1].upper() + subject[1:]
    said = [
        phrases.SUMMARY.format(subject=title, count=len(mine), points=len(reading.points)),
        phrases.SUMMARY_ADDITION if brief.is_addition else phrases.SUMMARY_NEW,
    ]
    people = _named(mine, brief)
    if people:
        said.append(phrases.SUMMARY_PEOPLE.format(people=", ".join(people)))
    return {
        "title": title,
        "origin": phrases.ORIGIN,
        "isAddition": brief.is_addition,
        "executiveSummary": " ".join(said),
        "notes": brief.notes,
    }


def _stories(reading: Reading, brief: Brief) -> dict[str, Any]:
    milestones = milestones_of(reading, brief)
    return {"milestones": _dump(milestones), "coreFunctionalities": _dump(functionalities_of(milestones))}


def _named(stories: Sequence[Story], brief: Brief) -> list[str]:
    """Return the people whom the text itself names, in the order of their first story."""
    words = {singular(word) for word in re.findall(r"[\w'-]+", brief.text.lower())}
    roles = dict.fromkeys(story.role for story in stories)
    return [role for role in roles if role.split()[-1] in words]


def _people(milestones: Sequence[Milestone], brief: Brief) -> dict[str, Any]:
    stories = _from_text(milestones)
    personas = []
    for role in _named(stories, brief):
        theirs = [story for story in stories if story.role == role]
        personas.append(
            Persona(
                title=role[:1].upper() + role[1:],
                description=phrases.PERSONA.format(stories=", ".join(story.id for story in theirs)),
                primary_goals=[story.want for story in theirs],
                key_tasks=[story.title for story in theirs],
            )
        )
    return {"personas": _dump(personas)}


def _from_text(milestones: Sequence[Milestone]) -> list[Story]:
    return [story for each in milestones if each.description != phrases.SET_UP_NAME for story in each.stories]


def _technology(milestones: Sequence[Milestone], brief: Brief) -> dict[str, Any]:
    stack = stack_of(brief)
    return {
        "techStack": _dump(stack),
        "architecture": architecture_of(brief, stack).model_dump(mode="json", by_alias=True),
        "userFlow": user_flow_of(milestones).model_dump(mode="json", by_alias=True),
        "entities": _dump(_entities(_from_text(milestones))) if brief.is_deep else [],
        "ties": _dump(_ties(_from_text(milestones), brief)),
    }


def _content(text: str) -> set[str]:
    """Return the words of a text that mean something, each in the singular."""
    return {
        singular(word)
        for word in re.findall(r"[^\W\d_][\w'-]{2,}", text.lower())
        if word not in SMALL and not is_verb(word)
    }


def _ties(stories: Sequence[Story], brief: Brief) -> list[Tie]:
    """Find the sentences about what is there that the stories touch."""
    found = []
    for sentence in sentences(brief.context):
        words = _content(sentence)
        touching = [story.id for story in stories if words & _content(story.want)]
        found += [Tie(quote=sentence, stories=touching)] if touching else []
    return found[:MOST_TIES]


def _entities(stories: Sequence[Story]) -> list[Entity]:
    """Find the things that several stories or one that keeps something speak of."""
    seen: dict[str, list[str]] = {}
    for story in stories:
        for word in sorted(_content(story.want)):
            seen.setdefault(word, []).append(story.id)
    kept = {story.id for story in stories if any(task.kind == "DB" for task in story.sub_tasks)}
    return [
        Entity(name=word, stories=ids)
        for word, ids in sorted(seen.items())
        if len(ids) > 1 and kept & set(ids)
    ]


def _risks(_milestones: Sequence[Milestone], brief: Brief) -> dict[str, Any]:
    found = [
        Risk(description=risk, quote=sentence, answer=phrases.RISKS[risk])
        for sentence in sentences(brief.text)
        for risk, cues in CUES.items()
        if re.search(rf"\b(?:{'|'.join(cues)})\b", sentence, re.IGNORECASE)
    ]
    return {"risks": _dump(found[:MOST_RISKS])}
