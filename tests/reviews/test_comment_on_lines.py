"""People say something about a line of the change; it follows the line, and whoever goes on hears it."""

import pytest

from app.core.db import session as db
from app.core.errors import Conflict, Invalid, NotAllowed
from app.development.agent_run import prompt_for
from app.development.queries import changes_asked_for
from app.engine.repositories import Place, Signature
from app.notifications.models import Notification
from app.organizations.models import Role
from app.projects.queries import repository_of
from app.requests import operations as requests
from app.requests.queries import story_of
from app.reviews import operations, queries
from app.reviews.changes import changes_of, key_of
from app.reviews.models import LineThread, Side
from tests.support.road import push, reviewed_request

PAGE = "<h1>Hours</h1>\n<p>9 to 5</p>\n<p>Closed on Sunday</p>\n"
KEY = key_of("hours.html")


@pytest.fixture
def request_(people, bell):
    return reviewed_request(people, text=PAGE)


def say(request, people, line=2, *, first=None, text="Why so *late*?", by=None) -> LineThread:
    place = Place("hours.html", first or line, line)
    return operations.comment_on_lines(request, by=by or people.rae, place=place, text=text)


class TestSay:
    def test_keeps_the_line_and_tells_who_builds(self, people, request_):
        requests.assign(request_, by=people.ada, to=people.bob)
        thread = say(request_, people)

        assert (thread.lines, thread.commit_sha) == (["<p>9 to 5</p>"], request_.commit_sha)
        told = db.query(Notification).filter_by(kind="line_comment").all()
        assert [each.user_id for each in told] == [people.bob.id]
        assert told[0].text == "Rae Requester on hours.html, line 2 of #1: “Why so *late*?”"
        assert told[0].path == f"{request_.path}/diff?thread={thread.id}#thread-{thread.id}"

    def test_stands_in_the_feed_as_it_reads_now(self, people, request_, browse):
        thread = say(request_, people)
        assert story_of(request_, 1)[0].text == "commented on hours.html, line 2"
        operations.change_comment(thread.comments[0], by=people.rae, text="Why so **early**?")

        page = browse(people.rae).get(request_.path).text

        assert "<strong>early</strong>" in page
        assert f"diff?thread={thread.id}" in page

    @pytest.mark.parametrize(
        ("place", "fault"),
        [
            (Place("nothing.html", 1, 1), "path"),
            (Place("hours.html", 9, 9), "lastLine"),
            (Place("hours.html", 3, 2), "lastLine"),
            (Place("hours.html", 1, 500), "lastLine"),
        ],
    )
    def test_needs_lines_that_are_there(self, people, request_, place, fault):
        with pytest.raises(Invalid) as caught:
            operations.comment_on_lines(request_, by=people.rae, place=place, text="Hm")

        assert caught.value.errors[0]["loc"] == ["body", fault]

    def test_needs_words(self, people, request_):
        with pytest.raises(Invalid):
            say(request_, people, text="  ")

    def test_of_another_version_is_asked_to_look_again(self, people, request_):
        seen = request_.commit_sha
        push(request_, by=people.bob, text="<p>10 to 6</p>")

        with pytest.raises(Conflict, match="newer version"):
            operations.comment_on_lines(
                request_, by=people.rae, place=Place("hours.html", 1, 1), text="Hm", commit=seen
            )

    def test_what_was_there_before_can_be_spoken_of(self, people, request_):
        push(request_, by=people.bob, path="index.html", text="<p>All new</p>\n")

        thread = operations.comment_on_lines(
            request_, by=people.rae, place=Place("index.html", 1, 1), text="Keep this", side=Side.OLD
        )

        assert thread.commit_sha == queries.diff_of(request_).base_sha
        assert thread.lines[0].startswith("<!doctype html>")


class TestFollow:
    def test_moves_with_its_line(self, people, request_):
        say(request_, people, 2)
        push(request_, by=people.bob, text="<!-- new -->\n" + PAGE)

        file = changes_of(request_, people.rae).file_at(KEY)

        lines = [line for _, group in file.groups for line in group if line.threads]
        assert [(line.new, line.threads[0].is_outdated) for line in lines] == [(3, False)]

    def test_is_outdated_once_its_line_is_gone(self, people, request_, browse):
        say(request_, people, 2)
        push(request_, by=people.bob, text=PAGE.replace("9 to 5", "8 to 4"))

        file = changes_of(request_, people.rae).file_at(KEY)
        page = browse(people.rae).get(f"{request_.path}/diff").text

        assert [placed.is_outdated for placed in file.elsewhere] == [True]
        assert "Outdated: about hours.html, line 2" in page
        assert "&lt;p&gt;9 to 5&lt;/p&gt;" in page

    def test_outlives_its_file(self, people, request_, browse):
        say(request_, people, 2)
        gone = repository_of(request_.project).commit_files(
            request_.working_branch,
            {"hours.html": None, "other.html": b"x"},
            message="Another file",
            author=Signature("Bob", "b@example.com"),
        )
        requests.note_commit(request_, commit=gone)

        assert len(changes_of(request_, people.rae).gone) == 1
        assert "not part of the change any more" in browse(people.rae).get(f"{request_.path}/diff").text


class TestAnswerAndSettle:
    def test_answer_opens_it_again_and_tells_who_spoke(self, people, request_):
        thread = say(request_, people)
        operations.resolve(thread, by=people.bob, resolved=True)
        assert queries.count_open_threads(request_) == 0

        operations.answer(thread, by=people.bob, text="So that it fits")

        assert queries.count_open_threads(request_) == 1
        told = db.query(Notification).filter_by(kind="line_comment", user_id=people.rae.id).all()
        assert [each.text.split(" on ")[0] for each in told] == ["Bob Builder"]

    def test_who_settles(self, people, request_):
        thread = say(request_, people, by=people.bob)
        other = people.make("Rob Requester", role=Role.REQUESTER)

        with pytest.raises(NotAllowed):
            operations.resolve(thread, by=other, resolved=True)
        operations.resolve(thread, by=people.bob, resolved=True)
        operations.resolve(thread, by=people.ada, resolved=False)

        assert not thread.is_resolved

    def test_one_changes_and_takes_back_ones_own_words_alone(self, people, request_):
        thread = say(request_, people)
        with pytest.raises(NotAllowed):
            operations.change_comment(thread.comments[0], by=people.ada, text="Mine")
        with pytest.raises(NotAllowed):
            operations.take_back(thread.comments[0], by=people.ada)

        operations.take_back(thread.comments[0], by=people.rae)

        assert queries.threads_of(request_) == []

    def test_open_ones_are_told_where_it_is_merged(self, people, request_, browse):
        say(request_, people)
        operations.approve(request_, by=people.rae, commit=request_.commit_sha)

        assert "1 remark on its lines is open." in browse(people.bob).get(request_.path).text
        assert (
            "1 remark on its lines is open." in browse(people.bob).get(f"{request_.path}/pull-request").text
        )


class TestNextRound:
    def test_open_ones_go_along_with_what_is_asked_for(self, people, request_):
        settled = say(request_, people, 1, text="Fine")
        operations.resolve(settled, by=people.rae, resolved=True)
        say(request_, people, 2, text="Should be ten")

        operations.request_changes(request_, by=people.rae, feedback="See the lines")

        assert len(changes_asked_for(request_)) == 1
        prompt = prompt_for(request_, changes_asked_for(request_))
        assert "Said about hours.html, line 2 of the last round:" in prompt
        assert "<p>9 to 5</p>" in prompt
        assert "Rae Requester: Should be ten" in prompt
        assert "Fine" not in prompt


class TestPage:
    def test_opens_a_form_at_the_line_without_a_script(self, people, request_, browse):
        rae, path = browse(people.rae), f"{request_.path}/diff"
        at = f"{KEY}n2"
        assert f'href="diff?at={at}#say"' in rae.get(path).text

        form = rae.get(f"{path}?at={at}").text
        assert "About line 2 of hours.html" in form
        said = rae.post(
            f"{path}/threads", data={"at": at, "text": "A **bold** <script>x</script>", "first": "1"}
        )

        assert said.status_code == 303
        thread = queries.threads_of(request_)[0]
        assert (thread.first_line, thread.last_line) == (1, 2)
        page = rae.get(path).text
        assert "<strong>bold</strong>" in page
        assert "<script>x" not in page

    def test_empty_words_bring_the_form_back(self, people, request_, browse):
        answer = browse(people.rae).post(
            f"{request_.path}/diff/threads", data={"at": f"{KEY}n2", "text": " "}
        )

        assert answer.status_code == 422
        assert "About line 2 of hours.html" in answer.text

    def test_swaps_the_file_alone(self, people, request_, browse):
        thread = say(request_, people)

        answer = browse(people.bob).htmx(
            "POST", f"{request_.path}/diff/threads/{thread.id}/resolution", data={"resolved": "true"}
        )

        assert answer.text.strip().startswith(f'<details class="diff-file" id="file-{KEY}"')
        assert "Settled by Bob Builder" in answer.text

    def test_who_looks_only_has_no_way_to_speak(self, people, request_, browse):
        say(request_, people)

        page = browse(people.vic).get(f"{request_.path}/diff").text

        assert "Why so" in page
        assert "diff?at=" not in page
        assert "Answer" not in page

    def test_a_thread_of_another_request_is_not_found(self, people, request_, browse):
        other = reviewed_request(people, project=request_.project, path="other.html")
        thread = say(request_, people)

        answer = browse(people.bob).post(f"{other.path}/diff/threads/{thread.id}/resolution")

        assert answer.status_code == 404

    def test_many_files_come_one_by_one(self, people, request_, browse):
        for number in range(3):
            push(request_, by=people.bob, path=f"long{number}.txt", text="line\n" * 700)
        rae, key = browse(people.rae), key_of("long2.txt")

        page = rae.get(f"{request_.path}/diff").text
        one = rae.htmx("GET", f"{request_.path}/diff?file={key}").text
        alone = rae.get(f"{request_.path}/diff?file={key}").text

        assert page.count("Show this file") == 1
        assert one.count('class="added"') == alone.count('class="added"') == 700

    def test_is_in_colours_and_tells_what_is_no_text(self, people, request_, browse):
        push(
            request_,
            by=people.bob,
            path="shop.py",
            text='def price() -> int:\n    """Ask."""\n    return 3\n',
        )
        push(request_, by=people.bob, path="cup.png", text="\0\1\2" * 50)

        page = browse(people.rae).get(f"{request_.path}/diff").text

        assert '<span class="c-k">def</span>' in page
        assert "Not text, so there are no lines to show." in page


class TestApi:
    def test_round_trip(self, people, request_, browse):
        path, rae = f"/api/requests/{request_.id}", browse(people.rae)
        diff = rae.get(f"{path}/diff").json["data"]
        assert [file["path"] for file in diff["files"]] == ["hours.html"]
        body = {"path": "hours.html", "firstLine": 2, "commitSha": diff["headSha"], "text": "Why?"}

        made = rae.send("POST", f"{path}/threads", json=body)
        assert made.status_code == 201
        thread = made.json["data"]
        answer = browse(people.bob).send(
            "POST", f"{path}/threads/{thread['id']}/comments", json={"text": "Because"}
        )
        assert [said["author"]["name"] for said in answer.json["data"]["comments"]] == [
            "Rae Requester",
            "Bob Builder",
        ]
        browse(people.bob).send("PUT", f"{path}/threads/{thread['id']}", json={"resolved": True})
        push(request_, by=people.bob, text=PAGE.replace("9 to 5", "8 to 4"))

        listed = rae.get(f"{path}/threads").json["data"]

        assert [(each["outdated"], each["resolved"], each["currentFirstLine"]) for each in listed] == [
            (True, True, None)
        ]
        said = listed[0]["comments"][0]["id"]
        assert rae.send("DELETE", f"{path}/thread-comments/{said}").status_code == 204
