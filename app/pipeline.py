"""What follows from what: the road of a request, on one page.

Every handler is one line and runs inside the transaction of the fact it hears.
"""

from app.apps import operations as apps
from app.core.events import on
from app.previews import operations as previews
from app.previews.events import PreviewFailed, PreviewReady
from app.projects.events import BranchMoved, ProjectArchived, ProjectCreated
from app.requests.events import RequestMoved

# --- a project begins, and rests ---------------------------------------------------------------------------


@on(ProjectCreated)
def make_its_first_app(fact: ProjectCreated) -> None:
    apps.make_first_app(fact.project)


@on(ProjectArchived)
def take_it_off_its_address(fact: ProjectArchived) -> None:
    apps.rest(fact.project)


# --- a branch moves ----------------------------------------------------------------------------------------


@on(BranchMoved)
def put_main_live(fact: BranchMoved) -> None:
    apps.follow_branch(fact.project, fact.branch)


@on(BranchMoved)
def show_the_new_tip(fact: BranchMoved) -> None:
    previews.follow_branch(fact.project, fact.branch, fact.new)


# --- a request moves ---------------------------------------------------------------------------------------


@on(RequestMoved)
def show_or_take_down(fact: RequestMoved) -> None:
    previews.follow_request(fact.request, fact.action)


@on(PreviewReady)
def say_that_it_can_be_tried(fact: PreviewReady) -> None:
    previews.invite_to_try(fact.preview)


@on(PreviewFailed)
def say_that_it_cannot(fact: PreviewFailed) -> None:
    previews.tell_of_failure(fact.preview)
