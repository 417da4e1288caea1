"""An accepted commit is merged once, by who may, and what a crash left behind is told truly."""

from datetime import timedelta

import pytest
import time_machine

from app.core.clock import now
from app.core.db import session as db
from app.core.db import transaction
from app.core.errors import Conflict, IllegalTransition, NotAllowed
from app.engine.repositories import Signature
from app.projects.queries import repository_of
from app.requests import operations as requests
from app.requests.models import RequestStatus
from app.reviews import operations, queries
from app.reviews.models import PullRequest, PullRequestStatus
from app.reviews.operations import pull_requests
from tests.support.road import accepted_request, commit, push, push_to, reviewed_request


@pytest.fixture
def request_(people, bell):
    return accepted_request(people)


@pytest.fixture
def offered(people, request_):
    operations.create_pull_request(request_, by=people.bob)
    return request_


def merge_in_git(request, by):
    """Do what a merge does first, and stop there, as a process does that is killed."""
    pull = queries.pull_request_of(request)
    pull_requests._claim(pull, by)
    return pull_requests._merge_in_git(repository_of(request.project), pull, by)


class TestCreate:
    def test_numbers_by_project_and_names_its_page(self, people, offered):
        pull = queries.pull_request_of(offered)

        assert pull.number == 1
        assert pull.url == f"http://greenroom.test{offered.path}/pull-request" == offered.pull_request_url
        assert offered.status is RequestStatus.PR_OPEN
        other = accepted_request(people, project=offered.project, path="other.html")
        assert operations.create_pull_request(other, by=people.bob, title="Mine").number == 2

    def test_needs_the_requesters_yes(self, people, bell):
        request = reviewed_request(people)

        with pytest.raises(Conflict, match="Rae Requester has to accept") as caught:
            operations.create_pull_request(request, by=people.ada)
        assert caught.value.code == "not_accepted"
        assert queries.pull_request_of(request) is None

    def test_is_only_for_what_can_be_tried(self, people, offered):
        with pytest.raises(IllegalTransition):
            operations.create_pull_request(offered, by=people.bob)

    def test_requester_does_not(self, people, request_):
        with pytest.raises(NotAllowed):
            operations.create_pull_request(request_, by=people.rae)


class TestMerge:
    def test_main_has_it_and_the_branch_is_gone(self, people, offered):
        repository = repository_of(offered.project)
        before = repository.head("main")

        pull = operations.merge(offered, by=people.bob)

        made = repository.commit("main")
        assert made.parents == (before, offered.commit_sha)
        assert made.message.startswith("Merge request #1: Show opening hours\n")
        assert "Co-authored-by: Rae Requester <rae@example.com>" in made.message
        assert made.author == "Bob Builder"
        assert (pull.status, pull.merge_sha, pull.merged_by) == (
            PullRequestStatus.MERGED,
            made.sha,
            people.bob,
        )
        assert offered.status is RequestStatus.MERGED
        assert offered.merged_at is not None
        assert repository.head(offered.working_branch) is None

    def test_main_moved_meanwhile_and_does_not_collide(self, people, offered):
        push_to(offered.project, "main", by=people.ada, path="other.html", text="other")

        operations.merge(offered, by=people.bob)

        assert {"other.html", "hours.html"} <= set(repository_of(offered.project).files("main"))

    def test_conflicting_files_are_named_and_nothing_is_changed(self, people, offered):
        push_to(offered.project, "main", by=people.ada, path="hours.html", text="closed")
        before = repository_of(offered.project).head("main")

        with pytest.raises(Conflict, match=r"hours\.html"):
            operations.merge(offered, by=people.bob)

        pull = queries.pull_request_of(offered)
        assert pull.is_open
        assert not pull.is_being_merged
        assert repository_of(offered.project).head("main") == before
        assert queries.mergeability(offered).conflicts == ["hours.html"]

    def test_second_one_is_refused(self, people, offered):
        operations.merge(offered, by=people.bob)

        with pytest.raises(Conflict, match="merged already"):
            operations.merge(offered, by=people.ada)
        assert db.query(PullRequest).count() == 1

    def test_second_one_at_the_same_moment_is_refused(self, people, offered, monkeypatch):
        genuine, seen = pull_requests._merge_in_git, []

        def meanwhile(repository, pull, by):
            with pytest.raises(Conflict, match="Bob Builder merges this at this very moment"):
                operations.merge(offered, by=people.ada)
            seen.append(by)
            return genuine(repository, pull, by)

        monkeypatch.setattr(pull_requests, "_merge_in_git", meanwhile)
        operations.merge(offered, by=people.bob)

        assert seen == [people.bob]
        assert len(repository_of(offered.project).log("main")) == 3

    def test_nobody_changes_their_mind_while_it_is_merged(self, people, offered):
        with transaction():
            queries.pull_request_of(offered).claim(people.bob)

        with pytest.raises(Conflict, match="very moment"):
            operations.request_changes(offered, by=people.rae, feedback="Stop")
        with pytest.raises(Conflict, match="very moment"):
            requests.drop(offered, by=people.rae, reason="Stop")

    def test_requester_does_not(self, people, offered):
        with pytest.raises(NotAllowed):
            operations.merge(offered, by=people.rae)

    def test_needs_a_pull_request(self, people, request_):
        with pytest.raises(Conflict, match="nothing to merge yet"):
            operations.merge(request_, by=people.bob)


class TestAfterCrash:
    """The process was killed after main had the commit and before the database knew."""

    def test_schedule_records_it(self, people, offered):
        merged = merge_in_git(offered, people.bob)
        assert operations.settle_merged() == 0, "whoever merges gets a moment to finish"

        with time_machine.travel(now() + timedelta(seconds=21), tick=False):
            assert operations.settle_merged() == 1

        pull = queries.pull_request_of(offered)
        assert (pull.status, pull.merge_sha, pull.merged_by) == (PullRequestStatus.MERGED, merged, people.bob)
        assert offered.status is RequestStatus.MERGED
        assert repository_of(offered.project).head(offered.working_branch) is None

    def test_merging_again_records_it(self, people, offered):
        merged = merge_in_git(offered, people.bob)

        with time_machine.travel(now() + timedelta(seconds=21), tick=False):
            pull = operations.merge(offered, by=people.ada)

        assert pull.merge_sha == merged
        assert repository_of(offered.project).head("main") == merged

    def test_asking_for_the_status_records_it(self, people, offered, browse):
        merge_in_git(offered, people.bob)

        with time_machine.travel(now() + timedelta(seconds=21), tick=False):
            answer = browse(people.rae).get(f"/api/requests/{offered.id}/pr/status")

        assert answer.json["data"]["status"] == "merged"
        assert answer.json["data"]["requestStatus"] == "merged"

    def test_word_without_a_deed_is_taken_back(self, people, offered):
        with transaction():
            queries.pull_request_of(offered).claim(people.bob)

        with time_machine.travel(now() + timedelta(seconds=21), tick=False):
            assert operations.settle_merged() == 0
            operations.merge(offered, by=people.ada)

        assert queries.pull_request_of(offered).merged_by == people.ada


def test_push_to_main_that_holds_it_merges_it(people, offered):
    repository = repository_of(offered.project)
    merged = repository.merge(
        "main", offered.commit_sha, message="By hand", author=Signature("Ada", "a@example.com")
    )
    operations.follow_branch(offered.project, "main", merged, by=people.ada)

    pull = queries.pull_request_of(offered)
    assert (pull.status, pull.merge_sha, pull.merged_by) == (PullRequestStatus.MERGED, merged, people.ada)
    assert offered.status is RequestStatus.MERGED


class TestGoingAnotherWay:
    def test_closed_by_a_developer(self, people, offered):
        with pytest.raises(NotAllowed):
            operations.close_pull_request(offered, by=people.rae)

        pull = operations.close_pull_request(offered, by=people.bob)

        assert pull.status is PullRequestStatus.CLOSED
        assert offered.status is RequestStatus.IN_REVIEW
        assert operations.create_pull_request(offered, by=people.bob).number == 2

    def test_changes_close_it(self, people, offered):
        operations.request_changes(offered, by=people.rae, feedback="Sunday is missing")

        assert queries.pull_request_of(offered).status is PullRequestStatus.CLOSED
        assert offered.status is RequestStatus.CHANGES_REQUESTED

    def test_later_commit_withdraws_it(self, people, offered):
        push(offered, by=people.bob, text="<p>8 to 5</p>")

        assert queries.pull_request_of(offered).status is PullRequestStatus.CLOSED
        assert offered.status is RequestStatus.IN_REVIEW
        assert not offered.is_accepted

    def test_later_commit_that_nobody_told_of_is_not_merged(self, people, offered):
        commit(repository_of(offered.project), offered.working_branch, path="hours.html", text="new")

        with pytest.raises(Conflict, match="later commit"):
            operations.merge(offered, by=people.bob)

    def test_dropped_request_closes_it(self, people, offered):
        requests.drop(offered, by=people.rae, reason="Not needed")

        assert queries.pull_request_of(offered).status is PullRequestStatus.CLOSED


class TestApi:
    def test_open_look_and_merge(self, people, request_, browse):
        path = f"/api/requests/{request_.id}/pr"
        assert browse(people.bob).get(f"{path}/status").status_code == 404

        made = browse(people.bob).send("POST", path, json={"title": "Hours"})
        assert made.status_code == 201
        data = made.json["data"]
        assert (data["number"], data["status"], data["mergeable"]) == (1, "open", "clean")
        assert data["headSha"] == request_.commit_sha
        push_to(request_.project, "main", by=people.ada, path="hours.html", text="closed")
        status = browse(people.rae).get(f"{path}/status").json["data"]
        assert (status["mergeable"], status["conflicts"]) == ("conflicting", ["hours.html"])

    @pytest.mark.parametrize(("who", "expected"), [("bob", 201), ("rae", 403), ("vic", 403), ("eve", 404)])
    def test_who_may_open(self, people, request_, browse, who, expected):
        answer = browse(getattr(people, who)).send("POST", f"/api/requests/{request_.id}/pr", json={})

        assert answer.status_code == expected


class TestPages:
    def test_road_of_a_developer(self, people, request_, browse):
        bob, path = browse(people.bob), f"{request_.path}/pull-request"
        assert "Only open the pull request" in bob.get(path).text
        assert bob.post(path).status_code == 303

        page = bob.get(path).text
        assert "can be merged into main" in page
        assert "hours.html" in page
        merged = bob.htmx("POST", f"{path}/merge")
        assert "is merged into main" in merged.text
        assert "hours.html" in bob.get(f"{request_.path}/diff").text

    def test_conflicts_are_named(self, people, offered, browse):
        push_to(offered.project, "main", by=people.ada, path="hours.html", text="closed")

        page = browse(people.bob).htmx("GET", f"{offered.path}/pull-request").text

        assert "These files stand in the way" in page
        assert "<li>hours.html</li>" in page
        assert "Merge it" not in page

    @pytest.mark.parametrize("action", ["", "/merge", "/closure"])
    def test_who_may(self, people, offered, browse, action):
        path = f"{offered.path}/pull-request{action}"

        assert browse(people.eve).post(path).status_code == 404
        assert browse(people.rae).post(path).status_code == 403
        assert browse(people.vic).post(path).status_code == 403

    def test_who_sees(self, people, offered, browse):
        for page in ("pull-request", "diff"):
            assert browse(people.vic).get(f"{offered.path}/{page}").status_code == 200
            assert browse(people.eve).get(f"{offered.path}/{page}").status_code == 404
        assert "Merge it" not in browse(people.rae).get(f"{offered.path}/pull-request").text

    def test_what_would_look_the_same_is_not_swapped(self, people, offered, browse):
        bob = browse(people.bob)
        mark = bob.htmx("GET", f"{offered.path}/pull-request").text.split("?seen=")[1].split('"')[0]
        same = bob.htmx("GET", f"{offered.path}/pull-request?seen={mark}")
        assert same.status_code == 204
        assert bob.htmx("GET", f"{offered.path}/diff?seen={offered.commit_sha}").status_code == 204

        push_to(offered.project, "main", by=people.ada, path="hours.html", text="closed")
        assert bob.htmx("GET", f"{offered.path}/pull-request?seen={mark}").status_code == 200

    def test_closing_swaps_the_panel(self, people, offered, browse):
        answer = browse(people.bob).htmx("POST", f"{offered.path}/pull-request/closure")

        assert answer.status_code == 200
        assert "Only open the pull request" in answer.text
