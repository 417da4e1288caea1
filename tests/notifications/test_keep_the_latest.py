"""Unread news of one request is one line with the latest; what needs somebody is never lost in it."""

import pytest

from app.core.db import session, transaction
from app.core.events import announce
from app.notifications import operations
from app.notifications.models import Kind
from app.notifications.queries import notifications_of, unread_count
from app.previews.events import PreviewReady
from app.previews.queries import latest_preview
from app.requests import operations as requests
from app.requests.models import WorkflowAction
from app.reviews import operations as reviews
from tests.support.road import shown_request


@pytest.fixture
def tell(people):
    """Tell Rae something of a subject."""

    def tell(kind: Kind, text: str, *, about: str = "r1", needs_you: bool = False) -> None:
        operations.tell(
            [people.rae],
            organization_id=people.organization.id,
            kind=kind,
            text=text,
            path=f"/acme/website/requests/1#{text}",
            subject_id=about,
            needs_you=needs_you,
        )

    return tell


def inbox(user) -> list[tuple[str, bool]]:
    session.expire_all()
    return [(each.text, each.needs_you) for each in session.scalars(notifications_of(user))]


class TestNews:
    def test_is_one_line_with_the_latest(self, people, tell):
        tell(Kind.MOVED, "begun")
        tell(Kind.COMMENTED, "said")
        tell(Kind.LIVE, "live")

        [one] = session.scalars(notifications_of(people.rae)).all()
        assert (one.text, one.kind, one.path) == ("live", "live", "/acme/website/requests/1#live")
        assert unread_count(people.rae) == 1

    def test_begins_anew_once_it_was_read(self, people, tell):
        tell(Kind.MOVED, "begun")
        operations.mark_all_read(people.rae)
        tell(Kind.LIVE, "live")

        assert inbox(people.rae) == [("live", False), ("begun", False)]
        assert unread_count(people.rae) == 1

    def test_comes_to_the_top_with_its_latest(self, people, tell):
        tell(Kind.MOVED, "begun")
        tell(Kind.MOVED, "other", about="r2")
        tell(Kind.MOVED, "done")

        assert inbox(people.rae) == [("done", False), ("other", False)]

    def test_leaves_what_needs_somebody(self, people, tell):
        tell(Kind.PREVIEW_READY, "try it", needs_you=True)
        tell(Kind.COMMENTED, "said")

        assert sorted(inbox(people.rae)) == [("said", False), ("try it", True)]

    def test_gives_way_to_what_needs_somebody(self, people, tell):
        tell(Kind.MOVED, "begun")
        tell(Kind.PREVIEW_READY, "try it", needs_you=True)

        assert inbox(people.rae) == [("try it", True)]

    def test_takes_the_place_of_what_was_done(self, people, tell):
        tell(Kind.PREVIEW_READY, "try it", needs_you=True)
        tell(Kind.COMMENTED, "said")
        operations.settle("r1")

        tell(Kind.LIVE, "live")

        assert inbox(people.rae) == [("live", False)]

    @pytest.mark.parametrize("kind", [Kind.MENTIONED, Kind.ASSIGNED, Kind.LINE_COMMENT, Kind.ASKED])
    def test_never_hides_what_was_said_to_somebody(self, people, tell, kind):
        tell(kind, "to you")
        tell(Kind.LIVE, "live")
        tell(kind, "again")

        assert len(inbox(people.rae)) == 3

    def test_is_each_persons_own(self, people, tell):
        operations.tell(
            [people.bob],
            organization_id=people.organization.id,
            kind=Kind.MOVED,
            text="begun",
            path="/acme",
            subject_id="r1",
        )
        tell(Kind.LIVE, "live")

        assert inbox(people.bob) == [("begun", False)]


class TestTheRoad:
    def test_is_told_to_its_requester_once_a_step(self, people, bell):
        request = shown_request(people)
        assert inbox(people.rae) == [("Bob Builder started the work: #1 Show opening hours", False)]

        announce(PreviewReady(latest_preview(request), request))
        assert inbox(people.rae) == [("#1 Show opening hours is ready to try.", True)]

        reviews.approve(request, by=people.rae, commit=str(request.commit_sha))
        reviews.create_pull_request(request, by=people.bob)
        assert [needs_you for _, needs_you in inbox(people.rae)] == [False]

        reviews.merge(request, by=people.bob)
        requests.note_live(request, at=request.merged_at, url="http://website.test")
        assert inbox(people.rae) == [("#1 Show opening hours is live.", False)]
        assert unread_count(people.rae) == 1

    def test_is_told_once_of_a_yes_and_the_work_that_follows(self, people, bell):
        request = people.request()
        requests.watch(request, by=people.vic, watching=True)
        with transaction():
            requests.move(request, WorkflowAction.COMPLETE_INTERVIEW, by=people.rae)
            operations.mark_all_read(people.vic)
            requests.move(request, WorkflowAction.START_DEVELOPMENT, by=None)

        assert unread_count(people.vic) == 0
