"""From points to stories, and from stories to milestones."""

import re
from collections.abc import Iterable, Sequence

from app.core.gherkin import one_line
from app.specs.document import Criterion, Functionality, Milestone, Size, Story, SubTask, numbered
from app.specs.writer import phrases
from app.specs.writer.acting import Act, act_in
from app.specs.writer.port import Brief
from app.specs.writer.reading import Point, Reading
from app.specs.writer.words import HEAVY, SERVICES

LONGEST_TITLE = 90
MOST_TOGETHER = 6
_LIMIT = re.compile(
    r"\b(?:at most|at least|up to|no more than|less than|more than|within|only|maximum|minimum|max|min)\s"
    r"[^,;.]*",
    re.IGNORECASE,
)
_SIZES = (Size.S, Size.M, Size.L, Size.XL)
_STORING = {"enter", "change", "remove", "pay", "upload"}
_GUARDED = {"pay", "come in", "remove"}
_HIGH = re.compile(
    r"\b(?:must|critical|essential|important|required|needs? to|never|has to|have to)\b", re.IGNORECASE
)
_LOW = re.compile(
    r"\b(?:nice to have|optional(?:ly)?|later|maybe|might|perhaps|could|eventually|ideally)\b", re.IGNORECASE
)


def milestones_of(reading: Reading, brief: Brief) -> list[Milestone]:
    """Write a story for each point, and put those together that belong together."""
    made = [(point, *_story(point, brief)) for point in reading.points]
    milestones = [] if brief.is_addition or not made else [_set_up()]
    for name, stories in _groups(made):
        milestones += [
            Milestone(
                description=name if not at else f"{name} ({at // MOST_TOGETHER + 1})",
                stories=stories[at : at + MOST_TOGETHER],
            )
            for at in range(0, len(stories), MOST_TOGETHER)
        ]
    return numbered(milestones)


def _groups(made: Sequence[tuple[Point, Story, Act]]) -> list[tuple[str, list[Story]]]:
    """Group by headings where there are some, else by who it is for."""
    groups: dict[str, list[Story]] = {}
    by_heading = any(point.heading for point, _, _ in made)
    for point, story, act in made:
        name = point.heading if by_heading else act.role and phrases.FOR_ROLE.format(role=act.role)
        groups.setdefault(name or phrases.REST, []).append(story)
    rest = groups.pop(phrases.REST, None)
    if rest is not None:
        groups[phrases.REST if groups else rest[0].title] = rest
    return list(groups.items())


def _set_up() -> Milestone:
    stories = [
        Story(
            title=title,
            role=phrases.BUILDER,
            want=want,
            benefit=benefit,
            size=Size.S,
            criteria=[Criterion(text=text) for text in criteria],
        )
        for title, want, benefit, criteria in phrases.SET_UP
    ]
    return Milestone(description=phrases.SET_UP_NAME, stories=stories)


def _story(point: Point, brief: Brief) -> tuple[Story, Act]:
    act = act_in(point.text, is_thing=point.is_thing)
    title = title_of(act.want)
    criteria = list(_criteria(point, act))
    story = Story(
        title=title,
        role=act.role or phrases.ANYBODY,
        want=act.want,
        benefit=act.reason or phrases.NO_REASON,
        size=_size(point, act, len(criteria)),
        criteria=[Criterion(text=text) for text in criteria],
    )
    if brief.is_deep:
        story.sub_tasks = list(_tasks(point, act, title))
    return story, act


def title_of(want: str) -> str:
    """Return what a story is called: what is wanted, without the words that are ours."""
    bare = want
    for template in phrases.NOT_ACTS:
        bare = bare.removeprefix(template.partition("{")[0])
    short = one_line(bare, LONGEST_TITLE)
    return short[:1].upper() + short[1:]


def _criteria(point: Point, act: Act) -> Iterable[str]:
    role = act.role or phrases.ANYBODY
    if act.want.startswith(tuple(template.partition("{")[0] for template in phrases.NOT_ACTS)):
        yield _upper(point.text)
    else:
        article = "An" if role[0] in "aeiou" and not role.startswith(("user", "uni")) else "A"
        yield phrases.CAN.format(article=article, role=role, want=act.want)
    if act.condition:
        yield phrases.HOLDS.format(condition=act.condition[:1].lower() + act.condition[1:])
    for limit in _LIMIT.findall(point.text)[:2]:
        yield phrases.LIMIT.format(limit=limit.strip())
    yield from point.details
    if act.kind:
        yield phrases.CRITERIA[act.kind]


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _size(point: Point, act: Act, criteria: int) -> Size:
    """Say how much it is: what is heavy, what has many conditions, what is only a word or two."""
    weight = len(set(HEAVY.findall(point.text.lower()))) + (criteria >= 4) + (criteria >= 7)  # noqa: PLR2004
    if not weight and act.kind in {None, "change", "show"} and len(point.text.split()) <= 4:  # noqa: PLR2004
        return Size.XS
    return _SIZES[min(weight, 3)]


def _tasks(point: Point, act: Act, title: str) -> Iterable[SubTask]:
    service = next((name for word, name in SERVICES.items() if _names(point.text, word)), None)
    if act.kind in _STORING:
        yield _task("DB", title)
    yield _task("API", title, Size.M if HEAVY.search(point.text) else Size.S)
    yield _task("FE", title, Size.M)
    if service:
        yield SubTask(
            kind="Integration",
            description=phrases.TASKS["Integration"].format(service=service, title=title),
            size=Size.M,
        )
    if act.kind in _GUARDED:
        yield _task("Security", title)
    yield _task("QA", title)


def _task(kind: str, title: str, size: Size = Size.S) -> SubTask:
    text = phrases.TASKS[kind].format(title=title)
    return SubTask.model_validate({"kind": kind, "description": text, "size": size})


def _names(text: str, word: str) -> bool:
    return re.search(rf"\b{re.escape(word)}s?\b", text, re.IGNORECASE) is not None


def functionalities_of(milestones: Sequence[Milestone]) -> list[Functionality]:
    """Say what it is about: each group of stories that comes from the text."""
    return [
        Functionality.model_validate(
            {
                "name": each.description,
                "description": "; ".join(story.title for story in each.stories),
                "priority": _priority(" ".join(story.want for story in each.stories)),
            }
        )
        for each in milestones
        if each.description != phrases.SET_UP_NAME
    ]


def _priority(text: str) -> str:
    return "High" if _HIGH.search(text) else "Low" if _LOW.search(text) else "Medium"
