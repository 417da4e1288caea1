"""The interviewer that asks a language model: question by question, with scenarios that are checked."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel
from pydantic_core import from_json

from app.core.gherkin import one_line, parse
from app.integrations.language_model import LanguageModel, Material, Patience, Task
from app.interviews.interviewer.app_outline import AppOutline, Page
from app.interviews.interviewer.brief import Brief
from app.interviews.interviewer.catalogue import YOU_DECIDE, Choice, Question
from app.interviews.interviewer.draft import write_gherkin
from app.interviews.interviewer.port import Turn, Utterance
from app.interviews.interviewer.prompt import write_prompt
from app.interviews.interviewer.scenario import Scenario
from app.interviews.interviewer.settled import Assumption, settle

MOST_QUESTIONS = 5
_MOST_PAGES = 20
_LONGEST_PAGE = 300
_STEP = re.compile(r"(Given|When|Then|And|But) \S")

_WHO = (
    "You speak with a person who asked for a change to an app and is no developer. Find out what the request "
    "leaves open, and write down how that person will check the result. Speak plainly and briefly, in the "
    "language of the request, without technical words. Ask one question at a time (`say`), about what "
    "matters most, and only what neither the request nor the conversation says. Give two to four short "
    "answers to it that can be picked (`suggestions`), taken from the app where it offers them. "
    "Write all scenarios anew each time (`scenarios`), as far as they are clear: each has a title and steps "
    "that begin with Given, When, Then, And or But, and its last steps say what can be seen. What nobody "
    "said and you take as given is listed in `assumptions`. Invent nothing beside that."
)
_ASKING = (
    "You may ask {left} more. Set `isComplete` as soon as the scenarios hold all that matters; then `say` is "
    "one sentence that asks the person to read them, and `suggestions` is empty."
)
_ENDING = (
    "Ask nothing more: `isComplete` is true, `say` is one sentence that asks the person to read the "
    "scenarios, and `suggestions` is empty."
)


def _flat(limit: int) -> AfterValidator:
    return AfterValidator(lambda text: one_line(text, limit))


class _Part(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, str_strip_whitespace=True)


class _Scenario(_Part):
    title: Annotated[str, Field(min_length=1, max_length=200), _flat(200)]
    steps: Annotated[
        list[Annotated[str, Field(max_length=500), _flat(500)]], Field(min_length=2, max_length=20)
    ]

    @model_validator(mode="after")
    def _reads_as_steps(self) -> "_Scenario":
        for step in self.steps:
            if not _STEP.match(step):
                raise ValueError(f"a step begins with Given, When, Then, And or But, not with {step[:40]!r}")
        if not any(step.startswith("Then ") for step in self.steps):
            raise ValueError("a scenario needs a Then: what can be seen")
        return self


class _Answer(_Part):
    say: Annotated[str, Field(min_length=1, max_length=600), _flat(600)]
    suggestions: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=120), _flat(120)]],
        Field(default_factory=list, max_length=4),
    ]
    scenarios: Annotated[list[_Scenario], Field(max_length=12)]
    assumptions: Annotated[
        list[Annotated[str, Field(max_length=300), _flat(300)]], Field(default_factory=list, max_length=12)
    ]
    is_complete: bool

    @model_validator(mode="after")
    def _holds(self) -> "_Answer":
        if self.is_complete and not self.scenarios:
            raise ValueError("scenarios: it is not complete without any")
        if self.scenarios and (faults := parse(_gherkin(_NO_BRIEF, self.scenarios))):
            raise ValueError(f"scenarios: {faults[0].message}")
        return self


class _LastAnswer(_Answer):
    is_complete: Literal[True]


_NO_BRIEF = Brief(title="A change", description="", type="feature", priority="medium")


class ByModel:
    """Asks a language model what to say next; what people wrote goes there as material alone."""

    mode = "model"

    def __init__(self, model: LanguageModel, patience: Patience) -> None:
        self._model, self._patience = model, patience

    def turn(
        self, brief: Brief, outline: AppOutline, talk: Sequence[Utterance], scenarios: Sequence[Scenario]
    ) -> Turn:
        """Return what to say next and what it has come to; raises Failed where nothing holds."""
        left = MOST_QUESTIONS - sum(said.role == "assistant" for said in talk)
        task = Task(
            instructions=f"{_WHO} {_ASKING.format(left=left) if left > 0 else _ENDING}",
            material=list(_material(brief, outline, talk, scenarios)),
            shape=_Answer if left > 0 else _LastAnswer,
            most_tokens=3_000,
        )
        answer: _Answer = self._model.write(task, self._patience).value
        return Turn(
            say=answer.say,
            suggestions=[] if answer.is_complete else list(dict.fromkeys(answer.suggestions)),
            scenarios=[Scenario(each.title, each.steps) for each in answer.scenarios],
            assumptions=[Assumption("", text) for text in answer.assumptions if text],
            gherkin=_gherkin(brief, answer.scenarios) if answer.scenarios else "",
            is_complete=answer.is_complete,
        )


def said_so_far(answer: str) -> str:
    """Return the words for the person in an answer that is still coming."""
    begin = answer.find("{")
    if begin < 0:
        return ""
    try:
        found = from_json(answer[begin:], allow_partial="trailing-strings")
    except ValueError:
        return ""
    said = found.get("say") if isinstance(found, dict) else None
    return one_line(said, 600) if isinstance(said, str) else ""


def question_of(turn: Turn, number: int) -> Question:
    """Return what a turn asks, with the answers that can be picked."""
    choices = [Choice(str(place), label) for place, label in enumerate(turn.suggestions, 1)]
    return Question(f"q{number}", turn.say, choices=[*choices, Choice(YOU_DECIDE, "You decide")])


def prompt_after(brief: Brief, outline: AppOutline, assumptions: list[Assumption], *, gherkin: str) -> str:
    """Return the prompt for what a conversation came to; the brief holds what was said in it."""
    settled = replace(settle(brief, outline, [], {}), assumptions=assumptions)
    return write_prompt(settled, [], gherkin)


def _gherkin(brief: Brief, scenarios: Sequence[_Scenario]) -> str:
    return write_gherkin(brief, [Scenario(each.title, each.steps) for each in scenarios])


def _material(
    brief: Brief, outline: AppOutline, talk: Sequence[Utterance], scenarios: Sequence[Scenario]
) -> Sequence[Material]:
    found = [
        Material("request", f"{brief.title}\n\n{brief.description}".strip()),
        Material("kind of request", brief.type),
    ]
    if outline.pages:
        found.append(Material("app", "\n".join(_page(page) for page in outline.pages[:_MOST_PAGES])))
    if talk:
        said = [{"who": "you" if each.role == "assistant" else "person", "said": each.text} for each in talk]
        found.append(Material("conversation", json.dumps(said, ensure_ascii=False)))
    if scenarios:
        kept = [{"title": each.title, "steps": each.steps} for each in scenarios]
        found.append(Material("scenarios so far", json.dumps(kept, ensure_ascii=False)))
    return found


def _page(page: Page) -> str:
    shown = [*page.headings, *page.buttons, *(form.name for form in page.forms), *page.links]
    return one_line(f"{page.name} ({page.path}): {', '.join(filter(None, shown))}", _LONGEST_PAGE)
