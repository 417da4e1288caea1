"""What a spec says, as one structure: everything that people and programs read is made from it."""

from enum import StrEnum
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from app.core.gherkin import one_line

LONGEST_LINE = 2_000


def _line(text: str) -> str:
    return one_line(text, LONGEST_LINE)


Line = Annotated[str, AfterValidator(_line)]
Words = Annotated[str, AfterValidator(_line), Field(min_length=1)]


class Mark(StrEnum):
    """How far a story, a criterion or a subtask is."""

    TODO = "todo"
    DOING = "doing"
    DONE = "done"
    SKIPPED = "skipped"


class Size(StrEnum):
    """How much work something is."""

    XS = "XS"
    S = "S"
    M = "M"
    L = "L"
    XL = "XL"


HOURS = {Size.XS: 1, Size.S: 3, Size.M: 8, Size.L: 20, Size.XL: 40}
"""A rule of thumb, published with every document: hours by size."""

NO_REASON = "the text gives no reason"
"""What stands for the benefit of a story where nobody said one."""

Kind = Literal[
    "DB", "Infra", "FE", "Frontend", "API", "Backend", "Integration", "Security", "QA", "Testing", "Docs"
]
NodeType = Literal["frontend", "api-services", "databases", "external-services"]


class Part(BaseModel):
    """A part of the document, written in camelCase."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class Checked(Part):
    """What has a box before it; what is left out says why."""

    mark: Mark = Mark.TODO
    reason: Line = ""

    @property
    def is_settled(self) -> bool:
        return self.mark in {Mark.DONE, Mark.SKIPPED}


class Criterion(Checked):
    """One thing that has to be so."""

    text: Words


class SubTask(Checked):
    """One piece of work of a story."""

    id: str = ""
    kind: Kind
    description: Words
    size: Size = Size.S

    @property
    def hours(self) -> int:
        return HOURS[self.size]


class Story(Checked):
    """What somebody wants, why, and how it is checked."""

    id: str = ""
    title: Words
    role: Words
    want: Words
    benefit: Words
    size: Size = Size.M
    criteria: list[Criterion] = []
    sub_tasks: list[SubTask] = []
    request_number: int | None = None  # of the request that was made of it

    @property
    def hours(self) -> int:
        return sum(task.hours for task in self.sub_tasks) or HOURS[self.size]

    @property
    def has_benefit(self) -> bool:
        """Tell whether somebody said what it is good for."""
        return self.benefit != NO_REASON

    @property
    def number(self) -> int:
        return int(self.id.rpartition("-")[2])


class Milestone(Part):
    """Stories that belong together and are built one after the other."""

    number: int = 0
    description: Words
    stories: list[Story] = []

    @property
    def hours(self) -> int:
        return sum(story.hours for story in self.stories)

    @property
    def mark(self) -> Mark:
        """Return how far it is, from its stories."""
        if not self.stories or all(story.mark is Mark.TODO for story in self.stories):
            return Mark.TODO
        return Mark.DONE if all(story.is_settled for story in self.stories) else Mark.DOING


class Functionality(Part):
    """One of the things that it is about."""

    name: Words
    description: Line = ""
    priority: Literal["High", "Medium", "Low"] = "Medium"


class Technology(Part):
    """Something that it is built with, and how that is known."""

    name: Words
    category: Words
    known_from: Line = ""


class Persona(Part):
    """Somebody whom the text names."""

    title: Words
    description: Line = ""
    primary_goals: list[Line] = []
    pain_points: list[Line] = []
    key_tasks: list[Line] = []


class Risk(Part):
    """What may go wrong, with the sentence that says so."""

    description: Words
    quote: Words
    answer: Line = ""


class Tie(Part):
    """A sentence about what is there already, and the stories that touch it."""

    quote: Words
    stories: list[str] = []


class Page(Part):
    """What was found at an address; `trouble` says, as the end of a sentence, why nothing was."""

    url: str
    title: Line = ""
    text: str = ""
    trouble: str = ""

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""


class Source(Part):
    """A page that was read for it, and its sentences that the stories touch."""

    url: str
    title: Line = ""
    ties: list[Tie] = []


class Entity(Part):
    """A thing that is kept, and the stories that need it."""

    name: Words
    stories: list[str] = []


class Node(Part):
    """A box of a graph."""

    id: str
    label: Words
    type: NodeType | None = None
    level: int | None = None


class Edge(Part):
    """A line between two boxes."""

    source: str
    target: str
    description: Line = ""


class Graph(Part):
    """Boxes and what goes between them."""

    nodes: list[Node] = []
    edges: list[Edge] = []


class Document(Part):
    """A whole spec."""

    title: Words
    origin: Words
    executive_summary: str = ""
    is_addition: bool = False
    core_functionalities: list[Functionality] = []
    tech_stack: list[Technology] = []
    milestones: list[Milestone] = []
    personas: list[Persona] = []
    risks: list[Risk] = []
    ties: list[Tie] = []
    sources: list[Source] = []
    entities: list[Entity] = []
    notes: list[Line] = []
    architecture: Graph = Graph()
    user_flow: Graph = Graph()

    @property
    def stories(self) -> list[Story]:
        return [story for milestone in self.milestones for story in milestone.stories]

    @property
    def hours(self) -> int:
        return sum(milestone.hours for milestone in self.milestones)

    def story(self, number: int) -> Story | None:
        """Return a story by its number."""
        return next((story for story in self.stories if story.number == number), None)

    @classmethod
    def read(cls, kept: dict[str, Any]) -> Self:
        """Read what `kept` wrote."""
        return cls.model_validate(kept)

    def kept(self) -> dict[str, Any]:
        """Write it as JSON can hold it."""
        return self.model_dump(mode="json", by_alias=True)


def numbered(milestones: list[Milestone]) -> list[Milestone]:
    """Give milestones, stories and subtasks the numbers by which they are named."""
    stories = tasks = 0
    for place, milestone in enumerate(milestones, 1):
        milestone.number = place
        for story in milestone.stories:
            stories += 1
            story.id = f"US-{stories:03d}"
            for task in story.sub_tasks:
                tasks += 1
                task.id = f"ST-{tasks:03d}"
    return milestones
