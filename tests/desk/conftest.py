"""Requests in every state, and previews that need no process."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.core.clock import now
from app.core.db import session, transaction
from app.previews.models import Preview, PreviewStatus
from app.requests import operations as requests
from app.requests.models import ProductRequest, RequestStatus, WorkflowAction
from app.requests.operations import filing, road

A, S = WorkflowAction, RequestStatus
COMMIT = "c0ffee" + "0" * 34
CRITERIA = """Feature: Opening hours
  Scenario: They are shown
    Given the contact page
    When I open it
    Then I see when the shop is open
"""
STEPS = {
    A.START_INTERVIEW: {},
    A.COMPLETE_INTERVIEW: {"gherkinCriteria": CRITERIA, "agentPrompt": "Show them."},
    A.START_DEVELOPMENT: {},
    A.COMPLETE_DEVELOPMENT: {"commitSha": COMMIT},
    A.REQUEST_CHANGES: {"feedback": "Make it *bigger*"},
    A.APPROVE: {"commitSha": COMMIT},
    A.CREATE_PR: {"pullRequestUrl": "http://greenroom.test/pull"},
    A.MERGE: {},
    A.CANCEL: {"reason": "Nobody wants it"},
}
_BUILT = (A.START_INTERVIEW, A.COMPLETE_INTERVIEW, A.START_DEVELOPMENT, A.COMPLETE_DEVELOPMENT)
ROADS = {
    S.DRAFT: (),
    S.INTERVIEWING: _BUILT[:1],
    S.READY: _BUILT[:2],
    S.IN_DEVELOPMENT: _BUILT[:3],
    S.IN_REVIEW: _BUILT,
    S.CHANGES_REQUESTED: (*_BUILT, A.REQUEST_CHANGES),
    S.PR_OPEN: (*_BUILT, A.APPROVE, A.CREATE_PR),
    S.MERGED: (*_BUILT, A.APPROVE, A.CREATE_PR, A.MERGE),
    S.CANCELLED: (A.CANCEL,),
}


@pytest.fixture(autouse=True)
def unheard(monkeypatch):
    """Let the facts of a move stand alone: what follows from them is tested where it belongs."""
    for part in (filing, road):
        monkeypatch.setattr(part, "announce", lambda _fact: None)


@pytest.fixture
def project(people):
    return people.project()


@pytest.fixture
def at(people, project) -> Callable[..., ProductRequest]:
    """Return a way to a request in a state: `at("ready", title="…")`."""

    def walk(status: str, project=project, **more) -> ProductRequest:
        request = people.request(project, **more)
        for action in ROADS[RequestStatus(status)]:
            requests.move(request, action, by=request.requester, payload=dict(STEPS[action]))
        return request

    return walk


@pytest.fixture
def previewed() -> Callable[..., Preview]:
    """Return a way to give a request a preview in a state."""

    def give(request: ProductRequest, status: str, **more) -> Preview:
        preview = Preview(
            request_id=request.id,
            project_id=request.project_id,
            commit_sha=request.commit_sha or COMMIT,
            branch_name=request.working_branch,
            label=request.preview_label,
            status=PreviewStatus(status),
            round=request.round,
            **more,
        )
        if status == "ready":
            preview.ready_at, preview.expires_at = now(), now() + timedelta(days=1)
        with transaction():
            session.add(preview)
        return preview

    return give
