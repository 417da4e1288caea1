"""Who reads a request's activity finds each step once: who, when and what, in people's words."""

from app.apps import queries as deploys
from app.development import operations as development
from app.interviews import operations as interviews
from app.requests.models import RequestStatus, TurnRole
from app.requests.queries import story_of
from app.reviews import operations
from tests.support.road import CRITERIA, push


def story(request):
    return [
        (entry.actor.name if entry.actor else "Greenroom", entry.text)
        for entry in reversed(story_of(request))
    ]


def test_each_step_stands_there_once(people, bell, browse):
    project = people.project()
    bell.work()
    request = people.request(project)
    seen = [(request.turn_role, request.turn_user)]

    def note():
        """Keep whose turn it is, and look that the waiting counts from no earlier than it became theirs."""
        seen.append((request.turn_role, request.turn_user))
        assert request.turn_since >= request.created_at

    interviews.start(request, by=people.rae)
    interviews.complete(request, by=people.rae, gherkin=CRITERIA, prompt="Show them.")
    note()
    development.start(request, by=people.bob, agent="person")
    note()
    push(request, by=people.bob)
    bell.work()
    note()
    operations.request_changes(request, by=people.rae, feedback="Sunday is missing")
    note()
    development.start(request, by=people.bob, agent="person")
    push(request, by=people.bob, text="<p>9 to 5, not on Sunday</p>")
    bell.work()
    operations.approve(request, by=people.rae, commit=request.commit_sha)
    note()
    operations.open_and_merge(request, by=people.bob)
    note()
    bell.work()
    note()
    undoing = operations.undo(request, by=people.rae)

    assert request.status is RequestStatus.MERGED
    assert deploys.live_deploy(deploys.first_app(project)).commit_sha == request.merged_commit
    assert story(request) == [
        ("Rae Requester", "asked for this"),
        ("Rae Requester", "started the questions"),
        ("Rae Requester", "accepted how it will be checked"),
        ("Bob Builder", "started the work"),
        ("Bob Builder", "finished the work"),
        ("Greenroom", "made it ready to try"),
        ("Rae Requester", "asked for changes"),
        ("Bob Builder", "started the work"),
        ("Bob Builder", "finished the work"),
        ("Greenroom", "made it ready to try"),
        ("Rae Requester", "accepted it"),
        ("Bob Builder", "opened the merge"),
        ("Bob Builder", "merged it"),
        ("Greenroom", "It is live."),
        ("Rae Requester", f"asked to undo this: #{undoing.number}"),
    ]
    assert seen == [
        (TurnRole.REQUESTER, people.rae),
        (TurnRole.DEVELOPER, None),
        (TurnRole.DEVELOPER, people.bob),
        (TurnRole.REQUESTER, people.rae),
        (TurnRole.DEVELOPER, None),
        (TurnRole.DEVELOPER, None),
        (TurnRole.SYSTEM, None),
        (TurnRole.NOBODY, None),
    ]
    page = browse(people.rae).get(f"{request.path}?feed=whole").text
    assert page.count("accepted it") == page.count("merged it") == 1
