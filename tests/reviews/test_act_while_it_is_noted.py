"""What the system notes on a request in the same moment is in nobody's way; what people do, still is."""

import threading
from collections.abc import Callable

import pytest

from app.core.db import session, unit_of_work
from app.core.errors import Conflict, IllegalTransition
from app.development import operations as development
from app.requests import operations as requests
from app.requests.models import ProductRequest, RequestStatus, WorkflowAction
from app.requests.operations import request_of
from app.requests.queries import activity_of
from app.reviews import operations as reviews
from tests.support.road import ready_request, reviewed_request

READY = {"previewUrl": "http://shown.preview.greenroom.test"}


def meanwhile(act: Callable[[], object]) -> None:
    """Do something to the end, elsewhere, while what was loaded here stays as it was."""

    def go() -> None:
        with unit_of_work():
            act()

    thread = threading.Thread(target=go)
    thread.start()
    thread.join(30)


def note(request: ProductRequest) -> None:
    """Note that the preview is ready, as the job does that built it."""
    request_id, seen = request.id, request.version
    session.commit()
    meanwhile(
        lambda: requests.move(
            request_of(request_id), WorkflowAction.PREVIEW_READY, by=None, payload=dict(READY)
        )
    )
    assert request.version == seen, "what was loaded here is older now"


# What a person does, and what tells that it was done.
STEPS: dict[str, tuple[Callable[..., object], Callable[[ProductRequest], object]]] = {
    "accept it": (
        lambda request, people: reviews.approve(request, by=people.rae, commit=request.commit_sha),
        lambda request: request.is_accepted,
    ),
    "ask for a change": (
        lambda request, people: reviews.request_changes(request, by=people.rae, feedback="Larger."),
        lambda request: request.feedback == "Larger.",
    ),
    "drop it": (
        lambda request, people: requests.drop(request, by=people.rae, reason="Not needed."),
        lambda request: request.status is RequestStatus.CANCELLED,
    ),
    "give it to somebody": (
        lambda request, people: requests.assign(request, by=people.bob, to=people.bob),
        lambda request: request.assignee.name == "Bob Builder",
    ),
    "say how urgent it is": (
        lambda request, people: requests.edit_request(request, by=people.rae, priority="high"),
        lambda request: request.priority == "high",
    ),
}


@pytest.mark.parametrize(("act", "is_done"), STEPS.values(), ids=STEPS)
def test_a_note_of_the_system_is_in_nobodys_way(people, bell, act, is_done):
    request = reviewed_request(people)
    note(request)

    act(request, people)

    session.expire_all()
    kept = request_of(request.id)
    assert is_done(kept)
    assert "made it ready to try" in [entry.text for entry in session.scalars(activity_of(kept))]


def test_a_step_that_is_not_open_any_more_is_refused(people, bell):
    request = reviewed_request(people)
    request_id, rae = request.id, people.rae.id
    session.commit()
    meanwhile(
        lambda: requests.drop(request_of(request_id), by=session.get(type(people.rae), rae), reason="No.")
    )

    with pytest.raises(IllegalTransition):
        reviews.request_changes(request, by=people.bob, feedback="Larger.")

    assert request_of(request_id).feedback is None


def test_words_that_somebody_else_changed_are_not_overwritten(people, bell):
    request = people.request()
    request_id, bob = request.id, people.bob.id
    session.commit()
    meanwhile(
        lambda: requests.edit_request(
            request_of(request_id), by=session.get(type(people.bob), bob), title="By Bob"
        )
    )

    with pytest.raises(Conflict):
        requests.edit_request(request, by=people.rae, title="By Rae")

    assert request_of(request_id).title == "By Bob"


def test_both_of_a_person_and_the_system_come_through(people, bell):
    request = reviewed_request(people)
    request_id, rae, tip = request.id, people.rae.id, request.commit_sha
    session.commit()
    barrier, ends = threading.Barrier(2), []

    def go(act: Callable[[ProductRequest], object]) -> None:
        with unit_of_work():
            loaded = request_of(request_id)
            barrier.wait(10)
            ends.append(act(loaded))

    threads = [
        threading.Thread(target=go, args=(act,))
        for act in (
            lambda loaded: reviews.approve(loaded, by=session.get(type(people.rae), rae), commit=tip),
            lambda loaded: requests.move(loaded, WorkflowAction.PREVIEW_READY, by=None, payload=dict(READY)),
        )
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    session.expire_all()
    kept = request_of(request_id)
    assert (len(ends), kept.is_accepted, kept.preview_url) == (2, True, READY["previewUrl"])


def test_of_two_who_start_one_is_refused(people, bell):
    request = ready_request(people)
    request_id, bob = request.id, people.bob.id
    session.commit()
    meanwhile(
        lambda: development.start(
            request_of(request_id), by=session.get(type(people.bob), bob), agent="person"
        )
    )

    with pytest.raises(Conflict):
        development.start(request, by=people.ada, agent="person")

    assert request_of(request_id).round == 1
