"""What is done with a demo: make it, play its stories on, take everything of it away."""

import logging
from collections.abc import Iterable
from uuid import UUID

from app.accounts.models import User
from app.core import ledger
from app.core.changes import changed
from app.core.db import session, transaction
from app.core.errors import Conflict, DomainError, Failed, NotAllowed
from app.core.jobs import Job, job
from app.core.ledger import Run, RunState
from app.demo import permissions, queries, stories
from app.demo.labels import labels_for, take_labels_away
from app.demo.models import Demo, DemoStatus
from app.demo.script import (
    YOU,
    Accept,
    Agree,
    Ask,
    Claim,
    Drop,
    Edit,
    Merge,
    Offer,
    Push,
    Say,
    Step,
    Story,
    Take,
    Try,
    WantChanges,
    site,
)
from app.development import operations as development
from app.interviews import operations as interviews
from app.interviews.interviewer import YOU_DECIDE
from app.organizations import operations as organizations
from app.organizations.models import Organization, Role
from app.organizations.queries import sample_members_of
from app.previews.models import Preview
from app.projects import operations as projects
from app.projects.models import Project
from app.projects.queries import repository_of
from app.requests import operations as requests
from app.requests.models import ProductRequest
from app.requests.queries import all_requests_of, is_at_work
from app.reviews import operations as reviews

log = logging.getLogger(__name__)

Cast = dict[str, User]


def look_around(organization: Organization, *, by: User) -> Demo:
    """Make the sample project of an organization; one that is there already is simply returned."""
    _may(by, organization)
    known = queries.demo_of(organization)
    if known is not None and known.status is not DemoStatus.FAILED:
        return known
    try:
        with transaction():
            made = known or Demo(organization=organization, organization_id=organization.id, by=by)
            if known is not None:
                known.move_to(DemoStatus.MAKING)
                known.error_message = None
            session.add(made)
            session.flush()  # its run refers to it
            play.later(made.id, topic=organization.id)
    except Conflict:  # somebody pressed it in the same moment
        made = queries.demo_of(organization) or made
    return made


def _may(by: User, organization: Organization) -> None:
    if not permissions.can_look_around(by, organization.id):
        raise NotAllowed(f"Only an admin of {organization.name} can have the sample made or taken away.")


@job(queue="quick", deadline=300, attempts=3)
def play(demo_id: UUID) -> None:
    """Play every story of a demo as far as it goes now; a preview that gets ready plays it on."""
    with ledger.exclusively(f"demo-{demo_id}") as mine:
        demo = queries.demo(demo_id)
        if not mine or demo is None or demo.status is not DemoStatus.MAKING:
            return
        cast, project = _set_the_stage(demo)
        _ask_for_everything(demo, project, cast)
        in_turn = [stories.FIRST, *(story for story in stories.IN_ORDER if story is not stories.FIRST)]
        if not [story for story in in_turn if not _play_on(demo, story, cast)]:
            with transaction():
                demo.move_to(DemoStatus.READY)
        changed(str(demo.organization_id))


def _set_the_stage(demo: Demo) -> tuple[Cast, Project]:
    """Make the people and the project, unless an attempt before this one did."""
    organization, by = demo.organization, demo.by
    known = {person.name: person for person in sample_members_of(organization)}
    cast = {YOU: by}
    for key, part in stories.CAST.items():
        cast[key] = known.get(part.name) or organizations.add_sample_member(
            organization,
            by=by,
            name=part.name,
            email=f"{part.email}@{organization.slug}.invalid",
            role=Role(part.role),
        )
    project = queries.sample_project(organization.id) or projects.create_project(
        organization, by=by, name=stories.PROJECT, description=stories.DESCRIPTION, is_sample=True
    )
    if repository_of(project).head(project.default_branch) is None:
        _commit(project, project.default_branch, site(), "The site as it is", by=cast[stories.JONAS])
    return cast, project


def _commit(project: Project, branch: str, files: dict[str, bytes], message: str, *, by: User) -> None:
    """Commit to a branch as a push does, and let it be heard of."""
    repository = repository_of(project)
    before = repository.head(branch)
    signature = projects.signature_of(by)
    commit = repository.commit_files(branch, files, message=message, author=signature, parent=before)
    projects.note_moves(project, [(f"refs/heads/{branch}", before, commit)], by=by)


def _ask_for_everything(demo: Demo, project: Project, cast: Cast) -> None:
    for story in stories.IN_ORDER:
        if demo.request_id(story.key) is not None:
            continue
        with transaction():
            request = requests.file_request(
                project,
                by=cast[story.by],
                title=story.title,
                description=story.description,
                type=story.type,
                priority=story.priority,
                labels=labels_for(demo, story.labels),
            )
            demo.note(story.key, request_id=request.id, steps=0)


def _play_on(demo: Demo, story: Story, cast: Cast) -> bool:
    """Play a story as far as it goes; True when it is over.

    Somebody may change what the demo made while it is made. A step that is refused may be one that a killed
    attempt took already, so the next one is tried; when that is refused too, the story is theirs from then.
    """
    refused = 0
    while demo.steps_done(story.key) < len(story.steps):
        step = story.steps[demo.steps_done(story.key)]
        request = session.get(ProductRequest, demo.request_id(story.key), populate_existing=True)
        if request is None or refused > 1:
            return True
        if isinstance(step, Try) and queries.can_be_tried(request) is None:
            return False
        try:
            _take(step, request, cast)
            refused = 0
        except DomainError as trouble:
            log.info("the demo's story %s: %s", story.key, trouble.message)
            refused += 1
        with transaction():
            demo.note(story.key, request_id=request.id, steps=demo.steps_done(story.key) + 1)
    return True


def _take(step: Step, request: ProductRequest, cast: Cast) -> None:
    """Do what a step of a story says, as its people would."""
    asker = request.requester
    match step:
        case Say(who, text):
            requests.comment(request, by=cast[who], text=text)
        case Ask(answers):
            _answer(request, answers, by=asker)
        case Agree(criteria):
            interviews.complete(request, by=asker, gherkin=criteria)
        case Claim(who):
            requests.assign(request, by=cast[who], to=cast[who])
        case Take(who):
            development.start(request, by=cast[who], agent="person")
        case Push(who, message, edits):
            _push(request, edits, message, by=cast[who])
        case Drop(who, reason):
            requests.drop(request, by=cast[who], reason=reason)
        case _:
            _judge(step, request, cast)


def _judge(step: Step, request: ProductRequest, cast: Cast) -> None:
    """Do what a step says that comes after the work."""
    asker = request.requester
    match step:
        case Try():
            _must_be_up(request)
        case WantChanges(feedback):
            reviews.request_changes(request, by=asker, feedback=feedback)
        case Accept():
            reviews.approve(request, by=asker, commit=str(request.commit_sha))
        case Offer(who):
            reviews.create_pull_request(request, by=cast[who])
        case Merge(who):
            reviews.merge(request, by=cast[who])


def _answer(request: ProductRequest, most: int, *, by: User) -> None:
    interview = interviews.start(request, by=by)
    answered = [question["id"] for question in interview.questions[:most]]
    interviews.answer(request, by=by, answers=dict.fromkeys(answered, YOU_DECIDE))


def _push(request: ProductRequest, edits: Iterable[Edit], message: str, *, by: User) -> None:
    repository, files = repository_of(request.project), dict[str, bytes]()
    for edit in edits:
        text = files.get(edit.path) or repository.blob(request.working_branch, edit.path)
        if text.count(edit.old.encode()) != 1:
            raise Conflict(f"{edit.path} does not say “{edit.old.strip()}” any more.")
        files[edit.path] = text.replace(edit.old.encode(), edit.new.encode())
    _commit(request.project, request.working_branch, files, message, by=by)


def _must_be_up(request: ProductRequest) -> None:
    if not queries.can_be_tried(request):
        raise Conflict("There is nothing to try: the preview did not come up, or somebody took it down.")


def follow_preview(preview: Preview) -> None:
    """Play a demo on when something of it can be tried, or can not."""
    project = preview.request.project
    demo = queries.demo_of(project.organization) if project.is_sample else None
    if demo is not None and demo.status is DemoStatus.MAKING:
        play.later(demo.id, topic=demo.organization_id)


def go_on() -> int:
    """Go on with every demo that is being made or taken away and that nobody works on; for the schedule."""
    waiting = [
        demo for demo in queries.moving_demos() if ledger.open_run(_job_of(demo).kind, demo.id) is None
    ]
    for demo in waiting:
        _job_of(demo).later(demo.id, topic=demo.organization_id)
    return len(waiting)


def _job_of(demo: Demo) -> Job:
    return play if demo.status is DemoStatus.MAKING else clear


# --- taking it away --------------------------------------------------------------------------------------


def take_away(demo: Demo, *, by: User) -> None:
    """Take down everything of a demo: what runs, the project with its repository, the people."""
    _may(by, demo.organization)
    if demo.status is DemoStatus.LEAVING:
        return
    with transaction():
        demo.by = by
        demo.move_to(DemoStatus.LEAVING)
        clear.later(demo.id, topic=demo.organization_id)


@job(queue="quick", deadline=300, attempts=3)
def clear(demo_id: UUID) -> None:
    """Stop what runs of a demo; once nothing does, remove the project and the people."""
    demo = queries.demo(demo_id)
    if demo is None or demo.status is not DemoStatus.LEAVING:
        return
    organization_id = demo.organization_id
    project = queries.sample_project(organization_id)
    if project is not None:
        _bring_to_rest(project, by=demo.by)
        if is_at_work(project):
            return  # the schedule comes back
        projects.erase_project(project, by=demo.by)
    with transaction():
        take_labels_away(demo, by=demo.by)
        organizations.erase_sample_members(demo.organization, by=demo.by)
        session.delete(demo)
        changed(str(organization_id))


def _bring_to_rest(project: Project, *, by: User) -> None:
    if project.is_archived:
        return
    for request in all_requests_of(project):
        if not request.is_over:
            requests.drop(request, by=by, reason="The sample is taken away.")
    projects.archive_project(project, by=by)


@ledger.when_ended("demo.play")
@ledger.when_ended("demo.clear")
def _note_end(run: Run) -> None:
    """Say of a demo why it could not be made or taken away."""
    demo = queries.demo(UUID(run.subject_id))
    if demo is None or not demo.is_moving or run.state is RunState.CANCELLED:
        return
    why = Failed(run.error_code or "failed", run.error_message or "It did not work.", run.error_suggestion)
    demo.move_to(DemoStatus.FAILED)
    demo.error_message = " ".join(filter(None, [why.message, why.suggestion]))
    changed(str(demo.organization_id))
