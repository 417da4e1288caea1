"""The line grammar of milestones, stories, criteria and subtasks: written, and read back."""

import re

from app.specs.document import Checked, Criterion, Mark, Milestone, Size, Story, SubTask, numbered

BOXES = {Mark.TODO: " ", Mark.DOING: "→", Mark.DONE: "✓", Mark.SKIPPED: "⊘"}
LEGEND = "`- [ ]` to do · `- [→]` in progress · `- [✓]` complete · `- [⊘]` skipped, with the reason"
_MARKS = {box: mark for mark, box in BOXES.items()} | {"x": Mark.DONE, "X": Mark.DONE, "\\": Mark.SKIPPED}
_SKIPPED = " — skipped: "
_BOX = r"- \[(?P<box>[ →✓⊘xX\\])\] "
_MILESTONE = re.compile(rf"### {_BOX}\*\*Milestone (?P<number>\d+)\*\*: (?P<text>.+)")
_STORY = re.compile(
    rf"{_BOX}\*\*(?P<title>.+?)\*\* - \((?P<size>XS|S|M|L|XL)\): "
    r"As a: (?P<role>.+?), I want to: (?P<want>.+?), So that: (?P<benefit>.+)"
)
_HEAD = "  - **Acceptance Criteria:**"
_CRITERION = re.compile(rf"    {_BOX}(?P<text>.+)")
_TASK = re.compile(
    rf"  {_BOX}(?P<kind>DB|Infra|FE|Frontend|API|Backend|Integration|Security|QA|Testing|Docs): "
    r"(?P<text>.+) - \((?P<size>XS|S|M|L|XL)\)"
)
# What could be taken for a part of the grammar, or for Markdown's own signs.
_SIGNS = re.compile(r"[\\*_`<\[\]]|(?<=I want to)(?=:)|(?<=So that)(?=:)|(?<=skipped)(?=:)|^(?=[#>+-])")


class GrammarError(ValueError):
    """A line that is none of the grammar; the message names it."""


def escaped(text: str) -> str:
    """Write somebody's words so that no sign in them counts."""
    return _SIGNS.sub(lambda found: f"\\{found[0]}", text)


def plain(text: str) -> str:
    """Read what `escaped` wrote."""
    return re.sub(r"\\(.)", r"\1", text)


def write_milestones(milestones: list[Milestone]) -> str:
    """Write milestones line by line."""
    return "\n\n".join("\n\n".join(_milestone(each)) for each in milestones) + "\n"


def _milestone(milestone: Milestone) -> list[str]:
    head = (
        f"### - [{BOXES[milestone.mark]}] **Milestone {milestone.number}**: {escaped(milestone.description)}"
    )
    return [head, *("\n".join(story_lines(story)) for story in milestone.stories)]


def story_lines(story: Story) -> list[str]:
    """Write one story with its criteria and subtasks."""
    words = (
        f"- [{BOXES[story.mark]}] **{escaped(story.title)}** - ({story.size}): As a: {escaped(story.role)}, "
        f"I want to: {escaped(story.want)}, So that: {escaped(story.benefit)}{_why(story)}"
    )
    criteria = [f"    - [{BOXES[each.mark]}] {escaped(each.text)}{_why(each)}" for each in story.criteria]
    tasks = [
        f"  - [{BOXES[each.mark]}] {each.kind}: {escaped(each.description)} - ({each.size}){_why(each)}"
        for each in story.sub_tasks
    ]
    return [words, *([_HEAD, *criteria] if criteria else []), *tasks]


def _why(checked: Checked) -> str:
    return f"{_SKIPPED}{escaped(checked.reason)}" if checked.reason else ""


def read_milestones(text: str) -> list[Milestone]:
    """Read milestones back; what stands between is somebody else's, a line that is nearly one is refused."""
    found: list[Milestone] = []
    for number, line in enumerate(text.splitlines(), 1):
        words, _, reason = line.rstrip().partition(_SKIPPED)
        try:
            _take(found, words, plain(reason))
        except (IndexError, GrammarError) as trouble:
            raise GrammarError(f"Line {number} is out of place or not complete: {line.strip()}") from trouble
    return numbered(found)


def _take(found: list[Milestone], words: str, reason: str) -> None:
    if match := _MILESTONE.fullmatch(words):
        found.append(Milestone(description=plain(match["text"])))
    elif match := _STORY.fullmatch(words):
        found[-1].stories.append(
            Story(
                mark=_MARKS[match["box"]],
                reason=reason,
                title=plain(match["title"]),
                size=Size(match["size"]),
                role=plain(match["role"]),
                want=plain(match["want"]),
                benefit=plain(match["benefit"]),
            )
        )
    elif match := _CRITERION.fullmatch(words):
        criterion = Criterion(mark=_MARKS[match["box"]], reason=reason, text=plain(match["text"]))
        found[-1].stories[-1].criteria.append(criterion)
    elif match := _TASK.fullmatch(words):
        found[-1].stories[-1].sub_tasks.append(
            SubTask.model_validate(
                {
                    "mark": _MARKS[match["box"]],
                    "reason": reason,
                    "kind": match["kind"],
                    "description": plain(match["text"]),
                    "size": match["size"],
                }
            )
        )
    elif re.match(rf"(### |\s*){_BOX}", words):
        raise GrammarError
