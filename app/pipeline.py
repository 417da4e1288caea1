"""What follows from what: the road of a request, on one page.

Every handler is one line and runs inside the transaction of the fact it hears.
"""

from app.apps import operations as apps
from app.apps.events import AppDeleted, DeployFailed, VersionDeleted, VersionMoved
from app.core.events import on
from app.demo import operations as demo
from app.development import operations as development
from app.development.events import DevelopmentEnded
from app.engine.instances import InstanceMoved
from app.environments import operations as environments
from app.notifications import operations as notifications
from app.organizations.events import FilesWeighed, MemberJoined, MemberLeft, UsageCounted
from app.previews import operations as previews
from app.previews.events import PreviewFailed, PreviewReady
from app.projects import operations as projects
from app.projects.events import (
    BranchMoved,
    ProjectArchived,
    ProjectCreated,
    ProjectRestored,
    PushBegun,
    StartPolicyChanged,
)
from app.requests import notices
from app.requests import operations as requests
from app.requests.events import Commented, RequestAssigned, RequestMoved
from app.reviews import operations as reviews

# --- a project begins, and rests ---------------------------------------------------------------------------


@on(ProjectCreated)
def make_its_first_app(fact: ProjectCreated) -> None:
    apps.make_first_app(fact.project)


@on(ProjectCreated)
def read_what_its_starter_says(fact: ProjectCreated) -> None:
    projects.follow_config(fact.project, fact.project.default_branch)


@on(ProjectArchived)
def take_it_off_its_address(fact: ProjectArchived) -> None:
    apps.rest(fact.project)


@on(ProjectArchived)
def tear_its_environments_down(fact: ProjectArchived) -> None:
    environments.take_all_down(fact.project)


@on(ProjectRestored)
def put_it_back_on_its_address(fact: ProjectRestored) -> None:
    apps.deploy_head(fact.project, by=None)


@on(StartPolicyChanged)
def let_others_start(fact: StartPolicyChanged) -> None:
    requests.follow_policy(fact.project, by=fact.by)


@on(MemberLeft)
def find_others_to_say_yes(fact: MemberLeft) -> None:
    requests.follow_member(fact.user, fact.organization.id)


@on(MemberJoined)
def say_that_they_came(fact: MemberJoined) -> None:
    notifications.tell_of_joining(fact)


# --- it is counted what an organization uses ---------------------------------------------------------------


@on(UsageCounted)
def count_its_requests(fact: UsageCounted) -> None:
    requests.count_filed(fact)


@on(UsageCounted)
def count_its_previews(fact: UsageCounted) -> None:
    previews.count_builds(fact)


@on(UsageCounted)
def count_its_deploys(fact: UsageCounted) -> None:
    apps.count_builds(fact)


@on(FilesWeighed)
def weigh_its_repositories(fact: FilesWeighed) -> None:
    projects.weigh_repositories(fact)


@on(FilesWeighed)
def weigh_its_apps(fact: FilesWeighed) -> None:
    apps.weigh_apps(fact)


@on(FilesWeighed)
def weigh_its_attachments(fact: FilesWeighed) -> None:
    requests.weigh_attachments(fact)


# --- somebody pushes, and a branch moves -------------------------------------------------------------------


@on(PushBegun)
def say_what_comes_of_it(fact: PushBegun) -> None:
    requests.tell_pusher(fact.project, fact.notes, fact.kept)


@on(PushBegun)
def say_where_it_will_be_seen(fact: PushBegun) -> None:
    previews.tell_pusher(fact.project, fact.notes)


@on(PushBegun)
def say_which_version_it_is(fact: PushBegun) -> None:
    apps.tell_pusher(fact.project, fact.notes)


@on(BranchMoved)
def read_what_it_says_of_itself(fact: BranchMoved) -> None:
    projects.follow_config(fact.project, fact.branch)


@on(BranchMoved)
def put_main_live(fact: BranchMoved) -> None:
    apps.follow_branch(fact.project, fact.branch, by=fact.by)


@on(BranchMoved)
def take_a_push_as_a_save(fact: BranchMoved) -> None:
    apps.follow_push(fact.project, fact.branch, fact.new, by=fact.by)


@on(BranchMoved)
def take_a_push_as_the_work(fact: BranchMoved) -> None:
    development.follow_branch(fact.project, fact.branch, fact.new, by=fact.by)


@on(BranchMoved)
def settle_or_withdraw_what_is_offered(fact: BranchMoved) -> None:
    reviews.follow_branch(fact.project, fact.branch, fact.new, by=fact.by)


@on(BranchMoved)
def show_the_new_tip(fact: BranchMoved) -> None:
    previews.follow_branch(fact.project, fact.branch, fact.new)


@on(BranchMoved)
def show_what_nobody_asked_for(fact: BranchMoved) -> None:
    previews.show_branch(fact.project, fact.branch, fact.new, by=fact.by)


@on(VersionMoved)
def show_what_was_saved(fact: VersionMoved) -> None:
    apps.follow_saved(fact.version)


# --- a request moves ---------------------------------------------------------------------------------------


@on(RequestMoved)
def tell_whom_it_concerns(fact: RequestMoved) -> None:
    notices.tell_of_move(fact)


@on(RequestMoved)
def let_others_start_that_waited(fact: RequestMoved) -> None:
    requests.follow_blocker(fact.request, fact.action)


@on(RequestAssigned)
def tell_who_is_to_work(fact: RequestAssigned) -> None:
    notices.tell_of_assignment(fact)


@on(Commented)
def tell_who_is_spoken_to(fact: Commented) -> None:
    notices.tell_of_comment(fact)


@on(RequestMoved)
def let_go_of_what_is_offered(fact: RequestMoved) -> None:
    reviews.follow_request(fact.request, fact.action)


@on(RequestMoved)
def stop_the_work_or_begin_anew(fact: RequestMoved) -> None:
    development.follow_request(fact.request, fact.action)


@on(RequestMoved)
def say_how_far_it_is(fact: RequestMoved) -> None:
    apps.follow_request(fact.request, fact.action)


@on(DevelopmentEnded)
def say_that_there_is_no_result(fact: DevelopmentEnded) -> None:
    development.tell_of_end(fact.session)


@on(RequestMoved)
def show_or_take_down(fact: RequestMoved) -> None:
    previews.follow_request(fact.request, fact.action)


@on(PreviewReady)
def say_that_it_can_be_tried(fact: PreviewReady) -> None:
    previews.invite_to_try(fact.preview)


@on(PreviewReady)
def have_a_machine_look(fact: PreviewReady) -> None:
    previews.check(fact.preview)


@on(PreviewFailed)
def say_that_it_cannot(fact: PreviewFailed) -> None:
    previews.tell_of_failure(fact.preview)


@on(PreviewReady)
def play_the_demo_on(fact: PreviewReady) -> None:
    demo.follow_preview(fact.preview)


# --- an app is worked on -----------------------------------------------------------------------------------


@on(VersionMoved)
def build_what_came(fact: VersionMoved) -> None:
    apps.follow_version(fact.version, by=fact.by)


@on(AppDeleted)
def take_the_app_off_its_addresses(fact: AppDeleted) -> None:
    apps.take_down(fact.app)


@on(AppDeleted)
def end_what_runs_of_its_versions(fact: AppDeleted) -> None:
    apps.end_sessions_of(fact.app)


@on(VersionDeleted)
def end_what_runs_of_the_version(fact: VersionDeleted) -> None:
    apps.end_session_of(fact.version)


# --- a process goes down, or wakes -------------------------------------------------------------------------


@on(InstanceMoved)
def say_how_the_preview_does(fact: InstanceMoved) -> None:
    previews.follow_instance(fact)


@on(InstanceMoved)
def say_how_the_branch_does(fact: InstanceMoved) -> None:
    previews.follow_branch_instance(fact)


@on(InstanceMoved)
def say_how_the_app_does(fact: InstanceMoved) -> None:
    apps.follow_instance(fact)


@on(InstanceMoved)
def say_how_the_edited_version_does(fact: InstanceMoved) -> None:
    apps.follow_session_instance(fact)


@on(DeployFailed)
def say_that_it_is_not_live(fact: DeployFailed) -> None:
    apps.tell_of_failure(fact.deploy)


@on(InstanceMoved)
def let_environments_pause_and_wake(fact: InstanceMoved) -> None:
    environments.follow_instance(fact)
