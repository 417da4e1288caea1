"""The writer that asks a language model, one part at a time; what it only claims to quote is left out."""

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, Field, model_validator

from app.integrations.language_model import LanguageModel, Material, Patience, Task
from app.specs.document import (
    Criterion,
    Entity,
    Functionality,
    Graph,
    Kind,
    Line,
    Milestone,
    Part,
    Persona,
    Risk,
    Size,
    Story,
    SubTask,
    Technology,
    Words,
    numbered,
)
from app.specs.writer.port import Brief

_WHO = (
    "You write software specifications for a product team. Write plainly, in the language of the request. "
    "Invent nothing: what the request does not say is left out."
)
_DEEP = "Give each story the subtasks that it takes to build it."
_FAST = "Leave the subtasks of stories empty."
_ADDITION = (
    "It comes to something that exists, described in the document `context`: leave out setting up, deploying "
    "and everything that is there already."
)
_NEW = "It is built from nothing: begin with a milestone that sets it up."


class _Summary(Part):
    title: Annotated[Words, Field(max_length=120)]
    executive_summary: Annotated[Words, Field(max_length=2_000)]
    core_functionalities: Annotated[list[Functionality], Field(min_length=1, max_length=12)]


class _SubTask(Part):
    kind: Kind
    description: Words
    size: Size


class _Story(Part):
    title: Annotated[Words, Field(max_length=120)]
    role: Words
    want: Words
    benefit: Words
    size: Size
    criteria: Annotated[list[Words], Field(min_length=1, max_length=12)]
    sub_tasks: Annotated[list[_SubTask], Field(default_factory=list, max_length=12)]


class _Milestone(Part):
    description: Words
    stories: Annotated[list[_Story], Field(min_length=1, max_length=12)]


class _Stories(Part):
    milestones: Annotated[list[_Milestone], Field(min_length=1, max_length=12)]


class _People(Part):
    personas: Annotated[list[Persona], Field(max_length=8)]


class _Technology(Part):
    tech_stack: Annotated[list[Technology], Field(max_length=20)]
    architecture: Graph
    user_flow: Graph
    entities: Annotated[list[Entity], Field(default_factory=list, max_length=30)]

    @model_validator(mode="after")
    def _hold_together(self) -> "_Technology":
        for name, graph in (("architecture", self.architecture), ("userFlow", self.user_flow)):
            known = {node.id for node in graph.nodes}
            loose = [edge for edge in graph.edges if not {edge.source, edge.target} <= known]
            if loose:
                raise ValueError(f"{name}: the edge {loose[0].source} to {loose[0].target} names no node")
        if any(node.type is None for node in self.architecture.nodes):
            raise ValueError("architecture: each node needs its type")
        if any(node.level is None for node in self.user_flow.nodes):
            raise ValueError("userFlow: each node needs its level")
        return self


class _Risks(Part):
    risks: Annotated[list[Risk], Field(max_length=12)]


_SHAPES: Mapping[str, type[BaseModel]] = {
    "summary": _Summary,
    "stories": _Stories,
    "people": _People,
    "technology": _Technology,
    "risks": _Risks,
}
_ASKED = {
    "summary": "Write the title, an executive summary and the core functionalities.",
    "stories": """\
Write the milestones with their user stories: every point of the request in exactly one story. Name the role,
what they want and why. The criteria of a story can each be checked by looking at the result.""",
    "people": "Write personas, of people whom the request itself names, and of nobody else.",
    "technology": """\
Write what it is built with, the parts it has and how they speak with each other (`architecture`, each node
with its `type`), the way of a user through it (`userFlow`, each node with its `level` from 0 on) and the
things it keeps (`entities`, with the ids of the stories that need them).""",
    "risks": """\
Write what may go wrong. The `quote` of each risk is the sentence of the request that it follows from, letter
by letter.""",
}


class ByModel:
    """Has each part written by a language model, in its shape, from the request and the parts before."""

    def __init__(self, model: LanguageModel, patience: Patience) -> None:
        self._model, self._patience = model, patience

    @property
    def name(self) -> str:
        return self._model.name

    def write(self, part: str, brief: Brief, written: Mapping[str, Any]) -> dict[str, Any]:
        """Return a part's fields; raises Failed where the model gave nothing that holds."""
        task = Task(
            instructions=" ".join(
                (_WHO, _ADDITION if brief.is_addition else _NEW, _ASKED[part], _depth(part, brief))
            ),
            material=list(_material(brief, written)),
            shape=_SHAPES[part],
            most_tokens=8_000,
        )
        answer = self._model.write(task, self._patience)
        return self._fields(answer.value, brief)

    def _fields(self, value: BaseModel, brief: Brief) -> dict[str, Any]:
        match value:
            case _Stories():
                milestones = numbered([_milestone(each, is_deep=brief.is_deep) for each in value.milestones])
                return {"milestones": _dump(milestones)}
            case _Technology():
                known = [each.model_copy(update={"known_from": _MODEL}) for each in value.tech_stack]
                entities = value.entities if brief.is_deep else []
                fields = value.model_dump(mode="json", by_alias=True)
                return fields | {"techStack": _dump(brief.stack or known), "entities": _dump(entities)}
            case _Risks():
                return {"risks": _dump([each for each in value.risks if _is_said(each.quote, brief)])}
            case _Summary():
                mine = {"origin": f"Written with {self.name}", "isAddition": brief.is_addition}
                return value.model_dump(mode="json", by_alias=True) | mine | {"notes": brief.notes}
        return value.model_dump(mode="json", by_alias=True)


_MODEL = "proposed by the model"
_LONGEST_PAGE = 8_000


def _depth(part: str, brief: Brief) -> str:
    if part != "stories":
        return ""
    return _DEEP if brief.is_deep else _FAST


def _material(brief: Brief, written: Mapping[str, Any]) -> Sequence[Material]:
    found = [Material("request", brief.text)]
    if brief.context.strip():
        found.append(Material("context", brief.context))
    if brief.stack:
        found.append(Material("stack of the repository", ", ".join(each.name for each in brief.stack)))
    found += [Material(f"page {page.url}", page.text[:_LONGEST_PAGE]) for page in brief.pages if page.text]
    if written:
        found.append(Material("written so far", json.dumps(written, ensure_ascii=False)))
    return found


def _milestone(drafted: _Milestone, *, is_deep: bool) -> Milestone:
    return Milestone(
        description=drafted.description,
        stories=[_story(each, is_deep=is_deep) for each in drafted.stories],
    )


def _story(drafted: _Story, *, is_deep: bool) -> Story:
    return Story(
        title=drafted.title,
        role=drafted.role,
        want=drafted.want,
        benefit=drafted.benefit,
        size=drafted.size,
        criteria=[Criterion(text=text) for text in drafted.criteria],
        sub_tasks=[
            SubTask(kind=task.kind, description=task.description, size=task.size)
            for task in drafted.sub_tasks
        ]
        if is_deep
        else [],
    )


def _is_said(quote: Line, brief: Brief) -> bool:
    """Tell whether a quote is one: letter by letter in the text, whatever the spaces."""
    return " ".join(quote.split()) in " ".join(brief.text.split())


def _dump(parts: Sequence[BaseModel]) -> list[dict[str, Any]]:
    return [part.model_dump(mode="json", by_alias=True) for part in parts]
