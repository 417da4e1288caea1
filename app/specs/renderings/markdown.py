"""A document as Markdown: with everything for people, with what is to be done for coding agents."""

from collections.abc import Iterable

from app.core.markdown import code
from app.specs.document import HOURS, Document, Story, Tie
from app.specs.renderings.grammar import LEGEND, escaped, write_milestones

_RULE = (
    "Hours are a rule of thumb by size: "
    + ", ".join(f"{size} {hours}" for size, hours in HOURS.items())
    + "."
)


def for_people(document: Document) -> str:
    """Write the whole document."""
    return _joined(
        [
            *_head(document),
            *_contents(document),
            *_section("Executive summary", document.executive_summary),
            *_section("Features", *_functionalities(document)),
            *_section("Who it is for", *_personas(document)),
            *_section("What it is built with", *_stack(document)),
            *_section("What is there already", *_ties(document)),
            *_section("What was read", *_sources(document)),
            *_section("What is kept", *_entities(document)),
            *_section("Milestones", _effort(document), LEGEND, write_milestones(document.milestones).strip()),
            *_section("Risks", *_risks(document)),
            *_section("Notes", *(f"- {escaped(note)}" for note in document.notes)),
        ]
    )


def for_agents(document: Document) -> str:
    """Write what a coding agent needs: what it is, with what, and the list to work through."""
    return _joined(
        [
            *_head(document),
            *_section("Summary", document.executive_summary),
            *_section("Built with", *_stack(document)),
            *_section("There already", *_ties(document)),
            *_section("To read", *_sources(document)),
            *_section("Tasks", LEGEND, write_milestones(document.milestones).strip()),
            *_section("Notes", *(f"- {escaped(note)}" for note in document.notes)),
        ]
    )


def _head(document: Document) -> list[str]:
    return [escaped(document.origin), f"# {escaped(document.title)}"]


def _contents(document: Document) -> list[str]:
    return [
        "\n".join(
            f"- Milestone {each.number}: {escaped(each.description)} ({each.hours} h)"
            for each in document.milestones
        )
    ]


def _section(title: str, *blocks: str) -> list[str]:
    said = [block for block in blocks if block]
    if not said:
        return []
    is_list = all(block.lstrip().startswith("- ") and "\n" not in block for block in said)
    return [f"## {title}", *(["\n".join(said)] if is_list else said)]


def _joined(blocks: Iterable[str]) -> str:
    return "\n\n".join(block for block in blocks if block) + "\n"


def _effort(document: Document) -> str:
    return f"Stories: {len(document.stories)}. Hours, about: {document.hours}. {_RULE}"


def _functionalities(document: Document) -> list[str]:
    return [
        f"- **{escaped(each.name)}** ({each.priority}): {escaped(each.description)}"
        for each in document.core_functionalities
    ]


def _personas(document: Document) -> list[str]:
    return [
        f"- **{escaped(each.title)}**: {escaped('; '.join(each.primary_goals))}" for each in document.personas
    ]


def _stack(document: Document) -> list[str]:
    return [
        f"- {escaped(each.category)}: **{escaped(each.name)}**" + _known_from(each.known_from)
        for each in document.tech_stack
    ]


def _known_from(place: str) -> str:
    """Say how something is known; a file's name is no link."""
    if not place:
        return ""
    return f" ({code(place) if '.' in place else escaped(place)})"


def _ties(document: Document) -> list[str]:
    return [_tie(each) for each in document.ties]


def _tie(tie: Tie) -> str:
    return f"- “{escaped(tie.quote)}”" + (f" ({', '.join(tie.stories)})" if tie.stories else "")


def _sources(document: Document) -> list[str]:
    """Write each page as an item of a list, its sentences below it."""
    return [
        line
        for source in document.sources
        for line in (
            f"- **{escaped(source.title)}**: {code(source.url)}",
            *(f"  {_tie(each)}" for each in source.ties),
        )
    ]


def _entities(document: Document) -> list[str]:
    return [f"- **{escaped(each.name)}** ({', '.join(each.stories)})" for each in document.entities]


def _risks(document: Document) -> list[str]:
    return [
        f"- **{escaped(each.description)}**: “{escaped(each.quote)}” {escaped(each.answer)}".rstrip()
        for each in document.risks
    ]


def as_plain_markdown(story: Story) -> str:
    """Write one story as somebody would say it, with what has to be so as a list."""
    why = f", so that {story.benefit}" if story.has_benefit else ""
    words = f"As a {story.role}, I want to {story.want}{why}."
    return _joined([escaped(words), "\n".join(f"- {escaped(each.text)}" for each in story.criteria)]).strip()
