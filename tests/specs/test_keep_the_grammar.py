"""What is written by the line grammar is read back as it was, whatever signs people use."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.specs.document import Criterion, Mark, Milestone, Size, Story, SubTask, numbered
from app.specs.renderings import GrammarError, read_milestones, write_milestones

HARD = [
    "**",
    "**x** - (M): ",
    ", I want to: ",
    ", So that: ",
    " — skipped: ",
    "- [ ] ",
    "### ",
    "\\",
    "(S)",
    "FE: ",
]


def _holds(text: str) -> bool:
    try:
        return bool(Criterion(text=text).text)
    except ValueError:
        return False


words = (
    st.lists(
        st.one_of(st.text(st.characters(codec="utf-8"), max_size=12), st.sampled_from(HARD)),
        min_size=1,
        max_size=5,
    )
    .map(" ".join)
    .filter(_holds)
)


def marked(shape, **parts):
    """Give things with a box; only what is left out has a reason."""
    left_out = st.builds(shape, mark=st.just(Mark.SKIPPED), reason=words, **parts)
    others = st.builds(
        shape, mark=st.sampled_from([Mark.TODO, Mark.DOING, Mark.DONE]), reason=st.just(""), **parts
    )
    return st.one_of(left_out, others)


sizes = st.sampled_from(Size)
criteria = marked(Criterion, text=words)
kinds = st.sampled_from(["DB", "Infra", "FE", "API", "Integration", "Security", "QA", "Docs"])
tasks = marked(SubTask, id=st.just(""), kind=kinds, description=words, size=sizes)
stories = marked(
    Story,
    id=st.just(""),
    title=words,
    role=words,
    want=words,
    benefit=words,
    size=sizes,
    criteria=st.lists(criteria, max_size=3),
    sub_tasks=st.lists(tasks, max_size=2),
    request_number=st.none(),
)
milestones = st.builds(Milestone, number=st.just(0), description=words, stories=st.lists(stories, max_size=3))


class TestTheGrammar:
    @settings(max_examples=150, deadline=None)
    @given(st.lists(milestones, max_size=3))
    def test_reads_back_what_it_wrote(self, found):
        numbered(found)

        assert read_milestones(write_milestones(found)) == found

    def test_is_the_one_that_clients_know(self):
        story = Story(
            title="Book a table",
            role="guest",
            want="book a table",
            benefit="I need not call",
            criteria=[Criterion(text="At most 8 people", mark=Mark.DONE)],
            sub_tasks=[SubTask(kind="FE", description="a form", size=Size.M)],
        )

        assert write_milestones(numbered([Milestone(description="Bookings", stories=[story])])) == (
            "### - [ ] **Milestone 1**: Bookings\n"
            "\n"
            "- [ ] **Book a table** - (M): As a: guest, I want to: book a table, So that: I need not call\n"
            "  - **Acceptance Criteria:**\n"
            "    - [✓] At most 8 people\n"
            "  - [ ] FE: a form - (M)\n"
        )

    def test_leaves_what_stands_between_alone(self):
        text = "# A title\n\nSome words.\n\n### - [→] **Milestone 7**: Bookings\n\n- a list of somebody's\n"

        assert [each.description for each in read_milestones(text)] == ["Bookings"]

    @pytest.mark.parametrize(
        "line",
        [
            "- [ ] **A story before any milestone** - (M): As a: x, I want to: y, So that: z",
            "### - [ ] **Milestone 1**: M\n- [ ] **No size**: As a: x, I want to: y, So that: z",
            "    - [ ] a criterion of nothing",
        ],
    )
    def test_names_the_line_that_is_out_of_place(self, line):
        with pytest.raises(GrammarError, match=r"^Line "):
            read_milestones(line)

    def test_a_box_of_a_milestone_follows_its_stories(self):
        settled = Story(title="a", role="b", want="c", benefit="d", mark=Mark.SKIPPED, reason="later")
        done = settled.model_copy(update={"mark": Mark.DONE, "reason": ""})
        open_one = settled.model_copy(update={"mark": Mark.TODO, "reason": ""})

        assert Milestone(description="m", stories=[settled, done]).mark is Mark.DONE
        assert Milestone(description="m", stories=[open_one, done]).mark is Mark.DOING
        assert Milestone(description="m", stories=[open_one]).mark is Mark.TODO
