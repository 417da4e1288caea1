"""What was merged is taken out again by a request of its own, which is tried and accepted like any other."""

import pytest

from app.core.db import session as db
from app.core.errors import Conflict, NotAllowed
from app.core.gherkin import scenarios_of
from app.development.operations import disagreements
from app.projects.queries import repository_of
from app.requests import operations as requests
from app.requests.models import Delivery, ProductRequest, RequestStatus
from app.requests.operations import request_of
from app.requests.queries import story_of
from app.reviews import operations, queries
from tests.reviews.test_go_live import live_request
from tests.reviews.test_merge_at_the_same_moment import CALLERS, together
from tests.support.road import push_to


@pytest.fixture
def live(people, bell):
    return live_request(people, bell)


class TestUndo:
    def test_makes_a_request_that_can_be_tried(self, people, live):
        made = operations.undo(live, by=people.rae)

        repository = repository_of(live.project)
        assert (made.status, made.undoes_id, made.requester) == (RequestStatus.IN_REVIEW, live.id, people.rae)
        assert made.branch_name == "requests/1-undo"
        assert repository.head(made.branch_name) == made.commit_sha
        assert "hours.html" not in repository.files(made.commit_sha)
        assert "As it was before" in [scenario.name for scenario in scenarios_of(made.gherkin_criteria)]
        assert story_of(live, 1)[0].text == f"asked to undo this: #{made.number}"
        assert disagreements() == []

    def test_walks_the_road_to_its_end(self, people, live, bell, browse):
        made = operations.undo(live, by=people.rae)
        assert f"#{made.number} undoes it." in browse(people.rae).get(live.path).text
        operations.approve(made, by=people.rae, commit=made.commit_sha)
        operations.open_and_merge(made, by=people.bob)
        bell.work()

        assert made.delivery is Delivery.LIVE
        assert "hours.html" not in repository_of(live.project).files("main")
        assert "taken out again" in browse(people.rae).get(live.path).text
        assert operations.undo(made, by=people.bob).undoes_id == made.id, "and it can be brought back"

    def test_keeps_what_came_later_and_names_what_stands_in_the_way(self, people, live, browse):
        push_to(live.project, "main", by=people.ada, path="hours.html", text="<p>8 to 5</p>")

        with pytest.raises(Conflict, match=r"hours\.html") as caught:
            operations.undo(live, by=people.bob)

        assert caught.value.code == "revert_conflict"
        assert queries.undoing(live) is None
        assert "requests/1-undo" not in repository_of(live.project).branches()
        browser = browse(people.bob)
        assert browser.post(f"{live.path}/undoing").status_code == 303
        assert "hours.html" in browser.get(live.path).text

    def test_is_for_what_was_merged(self, people, bell):
        with pytest.raises(Conflict, match="Only what was merged"):
            operations.undo(people.request(), by=people.rae)

    def test_what_a_push_brought_is_not_ours_to_take_out(self, people, bell):
        from tests.support.road import accepted_request

        request = accepted_request(people)
        operations.create_pull_request(request, by=people.bob)
        repository = repository_of(request.project)
        repository.move_branch("main", old=repository.head("main"), new=request.commit_sha)
        operations.follow_branch(request.project, "main", request.commit_sha, by=people.ada)

        with pytest.raises(Conflict, match="by a push"):
            operations.undo(request, by=people.bob)


class TestTwice:
    def test_second_is_told_of_the_first(self, people, live):
        made = operations.undo(live, by=people.rae)

        with pytest.raises(Conflict, match=f"#{made.number} undoes this already"):
            operations.undo(live, by=people.bob)

    def test_can_be_asked_again_once_dropped(self, people, live):
        made = operations.undo(live, by=people.rae)
        requests.drop(made, by=people.rae, reason="I like it after all")

        again = operations.undo(live, by=people.rae)

        assert again.branch_name == "requests/1-undo-2"
        with pytest.raises(Conflict, match="Undo it anew"):
            requests.reopen(made, by=people.rae)

    def test_one_of_many_at_the_same_moment_wins(self, people, live):
        request_id, person_id = live.id, people.bob.id
        db.commit()

        ends = together(
            lambda: operations.undo(request_of(request_id), by=db.get(type(people.bob), person_id))
        )

        assert len(ends) == CALLERS
        assert ends.count("done") == 1
        assert set(ends) - {"done"} <= {"undone_already", "conflict"}
        assert db.query(ProductRequest).filter_by(undoes_id=request_id).count() == 1
        names = [name for name in repository_of(live.project).branches() if "undo" in name]
        assert len(names) == 1, "no branch is left that nobody works on"


class TestWhoMay:
    @pytest.mark.parametrize(
        ("who", "expected"), [("rae", 303), ("bob", 303), ("ada", 303), ("vic", 403), ("eve", 404)]
    )
    def test_by_the_page(self, people, live, browse, who, expected):
        answer = browse(getattr(people, who)).post(f"{live.path}/undoing")

        assert answer.status_code == expected
        assert (queries.undoing(live) is not None) is (expected == 303)

    def test_another_requester_does_not(self, people, live):
        from app.organizations.models import Role

        with pytest.raises(NotAllowed):
            operations.undo(live, by=people.make("Rob Requester", role=Role.REQUESTER))
