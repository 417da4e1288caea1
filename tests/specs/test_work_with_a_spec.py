"""People ask for a spec on a page, watch it, change its stories, and make requests of them."""

import io

import pytest
from sqlalchemy import select

from app.core.db import session
from app.requests.models import Activity, ActivityType, ProductRequest
from app.specs import operations as specs
from app.specs import queries
from app.specs.document import Mark, Size
from app.specs.models import Spec, SpecKind, SpecStatus

STORY = {
    "title": "Book any table",
    "role": "guest",
    "want": "book any table",
    "benefit": "I need not call",
    "size": "L",
    "mark": "doing",
    "criteria": "A guest can book a table\nThe table is free",
}


@pytest.fixture
def project(people):
    return people.project()


@pytest.fixture
def spec(written, project) -> Spec:
    return written(project=project)


def story_of(spec: Spec, number: int = 1):
    session.refresh(spec)
    return spec.written.story(number)


class TestAsk:
    def test_a_text_becomes_a_spec_that_is_shown_as_it_grows(self, browse, people, project, bell):
        rae = browse(people.rae)
        sent = rae.post(f"{project.path}/specs", {"input": "Guests can book a table.", "kind": "deep_spec"})
        spec = session.scalars(select(Spec)).one()
        waiting = rae.get(spec.path)
        bell.work()
        done = rae.get(spec.path)

        assert (sent.status_code, sent.location) == (303, spec.path)
        assert (spec.kind, spec.project_id, spec.organization_id) == (
            SpecKind.DEEP,
            project.id,
            project.organization_id,
        )
        assert "It waits for its turn." in waiting.text
        assert 'hx-trigger="every 2000ms"' in waiting.text
        assert "Book a table" in done.text
        assert "every 2000ms" not in done.text

    def test_a_file_will_do(self, browse, people, project, bell):
        form = {"input": "", "file": (io.BytesIO("Gäste can pay.".encode()), "idea.md")}

        answer = browse(people.rae).post(f"{project.path}/specs", form)

        assert answer.status_code == 303
        assert session.scalars(select(Spec)).one().file.text == "Gäste can pay."

    @pytest.mark.parametrize(
        ("form", "words"),
        [
            ({"input": " "}, "Please provide a valid input string"),
            ({"input": "x" * 100_001}, "100000 characters"),
            ({"input": "Kept as it was.", "file": (io.BytesIO(b"MZ"), "a.exe")}, "a.exe cannot be read"),
        ],
    )
    def test_what_does_not_hold_is_said_and_kept(self, browse, people, project, bell, form, words):
        answer = browse(people.rae).post(f"{project.path}/specs", dict(form))

        assert answer.status_code == 422
        assert words in answer.text
        assert form["input"].strip()[:50] in answer.text
        assert session.scalars(select(Spec)).all() == []

    def test_who_may_only_look_is_told_so(self, browse, people, project):
        vic = browse(people.vic)

        assert "You can look at specs here" in vic.get(f"{project.path}/specs/new").text
        assert vic.post(f"{project.path}/specs", {"input": "x"}).status_code == 403


class TestSeeThem:
    def test_a_list_asks_again_while_something_is_written(self, browse, people, project, ask, bell):
        spec = ask(project=project)
        before = browse(people.vic).htmx("GET", f"{project.path}/specs").text
        bell.work()
        after = browse(people.vic).htmx("GET", f"{project.path}/specs").text

        assert "every 3000ms" in before
        assert "every" not in after
        assert spec.path in after
        assert "Written" in after

    def test_an_organization_sees_what_programs_asked_for(self, browse, people, project, written):
        spec = written()

        assert spec.path in browse(people.vic).get("/acme/specs").text
        assert spec.path not in browse(people.vic).get(f"{project.path}/specs").text

    def test_the_navigation_leads_there(self, browse, people, project):
        assert f'href="{project.path}/specs"' in browse(people.rae).get(project.path).text

    def test_what_failed_says_why_and_how_to_go_on(self, browse, people, ask, bell):
        spec = ask()
        rae = browse(people.rae)
        rae.post(f"{spec.path}/cancellation")
        shown = rae.get(spec.path).text
        again = rae.post(f"{spec.path}/repetition")

        assert "Cancelled" in shown
        assert "Write it again" in shown
        assert again.status_code == 303
        session.refresh(spec)
        assert spec.status is SpecStatus.PENDING

    def test_requesters_meet_none_of_the_words_of_developers(self, browse, people, spec):
        shown = browse(people.rae).get(spec.path).text.partition("<main")[2].lower()

        words = ("gherkin", "prompt", "branch", "session", "deploy", "environment")
        assert [
            word for word in words if f" {word}" in shown.replace("prompt?text", "").replace("#prompt", "")
        ] == []

    @pytest.mark.parametrize(
        ("name", "kind", "words"),
        [
            ("spec.md", "text/markdown", "## Executive summary"),
            ("agent.md", "text/markdown", "## Tasks"),
            ("spec.json", "application/json", '"totalHours"'),
        ],
    )
    def test_it_is_given_as_a_file(self, browse, people, spec, name, kind, words):
        answer = browse(people.vic).get(f"{spec.path}/files/{name}")

        assert answer.mimetype == kind
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        assert words in answer.text

    def test_what_is_not_written_is_no_file(self, browse, people, ask, bell):
        assert browse(people.rae).get(f"{ask().path}/files/spec.md").status_code == 404


class TestChangeAStory:
    def test_changes_every_rendering(self, browse, people, spec):
        answer = browse(people.rae).post(f"{spec.path}/stories/1", STORY)

        assert (answer.status_code, answer.location) == (303, f"{spec.path}#us-1")
        story = story_of(spec)
        assert (story.title, story.size, story.mark) == ("Book any table", Size.L, Mark.DOING)
        assert [each.text for each in story.criteria] == ["A guest can book a table", "The table is free"]
        said = queries.as_status(queries.status_of(spec.id))
        assert "**Book any table** - (L)" in said["humanSpecMarkdown"]
        assert said["codingAgentSpecJson"]["milestones"][0]["stories"][0]["title"] == "Book any table"

    def test_keeps_the_mark_of_a_criterion_whose_words_stay(self, people, spec):
        specs.mark_criterion(spec, 1, 1, by=people.rae, mark=Mark.DONE)

        browse_free = {**STORY, "size": Size.L, "mark": Mark.TODO, "criteria": STORY["criteria"].splitlines()}
        specs.edit_story(spec, 1, by=people.rae, **browse_free)

        assert [each.mark for each in story_of(spec).criteria] == [Mark.DONE, Mark.TODO]

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"title": ""}, "This is needed."),
            ({"want": " "}, "This is needed."),
            ({"mark": "skipped"}, "Say why it is left out."),
            ({"version": "0"}, "Somebody else changed this spec"),
            ({"criteria": "\n".join(map(str, range(60)))}, "50 criteria"),
        ],
    )
    def test_says_what_does_not_hold_and_keeps_what_was_typed(self, browse, people, spec, wrong, words):
        answer = browse(people.rae).post(
            f"{spec.path}/stories/1", {**STORY, "benefit": "typed by me", **wrong}
        )

        assert answer.status_code == 422
        assert words in answer.text
        assert "typed by me" in answer.text
        assert story_of(spec).title == "Book a table" or story_of(spec).title != STORY["title"]
        assert len(queries.versions_of(spec)) == 1

    def test_what_is_left_out_says_why(self, browse, people, spec):
        browse(people.rae).post(f"{spec.path}/stories/1", {**STORY, "mark": "skipped", "reason": "next year"})

        assert (story_of(spec).mark, story_of(spec).reason) == (Mark.SKIPPED, "next year")
        assert "- [⊘] **Book any table**" in browse(people.rae).get(f"{spec.path}/files/spec.md").text
        assert "skipped: next year" in browse(people.rae).get(f"{spec.path}/files/spec.md").text

    def test_a_developer_may_and_a_viewer_may_not(self, browse, people, spec):
        assert browse(people.bob).post(f"{spec.path}/stories/1", STORY).status_code == 303
        assert browse(people.vic).post(f"{spec.path}/stories/1", STORY).status_code == 403
        assert browse(people.eve).post(f"{spec.path}/stories/1", STORY).status_code == 404
        assert "You can read this story" in browse(people.vic).get(f"{spec.path}/stories/1").text

    def test_there_is_no_story_of_that_number(self, browse, people, spec):
        assert browse(people.rae).post(f"{spec.path}/stories/99", STORY).status_code == 404
        assert browse(people.rae).get(f"{spec.path}/stories/99").status_code == 404


class TestTickACriterion:
    def test_shows_the_story_as_it_is_now(self, browse, people, spec):
        answer = browse(people.rae).htmx("POST", f"{spec.path}/stories/1/criteria/1", data={"mark": "done"})

        assert answer.status_code == 200
        assert answer.text.count('<article class="story" id="us-1"') == 1
        assert "Not done" in answer.text
        assert story_of(spec).criteria[0].mark is Mark.DONE

    def test_works_without_a_script(self, browse, people, spec):
        answer = browse(people.rae).post(f"{spec.path}/stories/1/criteria/1", {"mark": "done"})

        assert (answer.status_code, answer.location) == (303, f"{spec.path}#us-1")

    @pytest.mark.parametrize(
        ("place", "form", "status"),
        [("99", {"mark": "done"}, 404), ("0", {"mark": "done"}, 404), ("1", {"mark": "gone"}, 422),
         ("1", {"mark": "skipped"}, 422)],
    )  # fmt: skip
    def test_refuses_what_is_not_there(self, browse, people, spec, place, form, status):
        assert browse(people.rae).post(f"{spec.path}/stories/1/criteria/{place}", form).status_code == status
        assert story_of(spec).criteria[0].mark is Mark.TODO


class TestVersions:
    def test_each_change_is_one_and_they_are_compared(self, browse, people, spec):
        browse(people.bob).post(f"{spec.path}/stories/1", STORY)
        specs.mark_criterion(spec, 1, 1, by=people.rae, mark=Mark.DONE)

        page = browse(people.vic).get(f"{spec.path}/versions?before=1&after=2").text
        newest = browse(people.vic).get(f"{spec.path}/versions").text

        notes = [
            (each.number, each.note, each.made_by and each.made_by.name) for each in queries.versions_of(spec)
        ]
        assert notes == [
            (3, "Marked a criterion of US-001 as done", "Rae Requester"),
            (2, "Changed US-001", "Bob Builder"),
            (1, "Written", None),
        ]
        assert "Book any table" in page
        assert 'class="added"' in page
        assert 'class="removed"' in page
        assert "[✓] A guest can book a table" in newest

    def test_one_that_is_not_there_is_not_found(self, browse, people, spec):
        assert browse(people.rae).get(f"{spec.path}/versions?before=7&after=8").status_code == 404


class TestAskForAStory:
    def test_puts_it_on_the_board(self, browse, people, spec, project):
        answer = browse(people.rae).post(f"{spec.path}/stories/1/request")

        request = session.scalars(select(ProductRequest)).one()
        assert (answer.status_code, answer.location) == (303, request.path)
        assert (request.title, request.requester_id, request.project_id) == (
            story_of(spec).title, people.rae.id, project.id,
        )  # fmt: skip
        assert story_of(spec).criteria[0].text in request.description
        entry = session.scalars(select(Activity).where(Activity.type == ActivityType.SPEC)).one()
        assert entry.payload == {"specId": spec.id, "storyId": "US-001"}
        assert story_of(spec).request_number == request.number
        assert f"On the board as #{request.number}" in browse(people.rae).get(spec.path).text

    def test_is_done_once(self, browse, people, spec):
        browse(people.rae).post(f"{spec.path}/stories/1/request")

        assert browse(people.rae).post(f"{spec.path}/stories/1/request").status_code == 409
        assert len(session.scalars(select(ProductRequest)).all()) == 1

    def test_needs_a_board(self, browse, people, written):
        spec = written()

        assert "Ask for this" not in browse(people.rae).get(spec.path).text
        assert browse(people.rae).post(f"{spec.path}/stories/1/request").status_code == 403

    def test_is_not_for_who_may_only_look(self, browse, people, spec):
        assert browse(people.vic).post(f"{spec.path}/stories/1/request").status_code == 403
        assert browse(people.eve).post(f"{spec.path}/stories/1/request").status_code == 404
        assert session.scalars(select(ProductRequest)).all() == []
