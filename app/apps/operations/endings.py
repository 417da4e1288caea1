"""How deploys end: stopped, replaced, failed while they were live, taken down with their app."""

from app.accounts.models import User
from app.apps import queries
from app.apps.events import DeployFailed
from app.apps.models import App, Deploy, DeployStatus
from app.apps.operations.builds import stop_build
from app.apps.operations.delivery import settle_deliveries
from app.core import ledger
from app.core.changes import changed
from app.core.clock import now
from app.core.db import session, transaction
from app.core.errors import Conflict, NotAllowed
from app.core.events import announce
from app.core.jobs import job
from app.core.ledger import Run
from app.engine import routes, serving
from app.engine.instances import InstanceMoved, InstanceState, why_it_failed
from app.notifications.models import Kind
from app.notifications.operations import tell as tell_people
from app.organizations.models import Role
from app.organizations.queries import people_with_role
from app.projects.permissions import can_develop


def cancel_deploy(deploy: Deploy, *, by: User) -> None:
    """Stop a deploy that is on its way; what is live stays."""
    if not can_develop(by, deploy.app.project):
        raise NotAllowed("Only developers and admins stop a deploy.")
    with transaction():
        run = session.get(Run, deploy.run_id) if deploy.run_id else None
        if run is not None:
            ledger.lock(run)
        session.refresh(deploy)
        if not deploy.is_on_the_way:
            raise Conflict(f"This deploy is {deploy.status} already.")
        stop(deploy)


def stop(deploy: Deploy) -> None:
    run = session.get(Run, deploy.run_id) if deploy.run_id else None
    if run is not None and run.is_open:
        ledger.cancel(run)
    else:
        if deploy.build is not None and deploy.build.is_on_the_way:
            stop_build(deploy.build)
        end_as(deploy, DeployStatus.CANCELLED)


def end_as(deploy: Deploy, status: DeployStatus) -> None:
    with transaction():
        deploy.move_to(status)
        deploy.ended_at = now()
        remove_deploy.later(deploy.id, topic=deploy.app.project_id)
        changed(str(deploy.app.project_id))
        session.flush()  # which requests are live is read from it
        settle_deliveries(deploy.app.project)


@job(queue="quick", deadline=60, attempts=5)
def remove_deploy(deploy_id: str) -> None:
    """Take the process and the files of a deploy away that is over; its log stays."""
    deploy = session.get(Deploy, deploy_id, populate_existing=True)
    if deploy is None or deploy.is_on_the_way or deploy.status is DeployStatus.LIVE:
        return
    serving.remove(deploy.name)


def take_down(app: App) -> None:
    """Take everything of an app off its addresses; its builds stay."""
    with transaction():
        for build in queries.unended_builds(app):
            stop_build(build)
        for deploy in queries.deploys_on_the_way(app):
            stop(deploy)
        live = queries.live_deploy(app)
        if live is not None:
            end_as(live, DeployStatus.REPLACED)
            app.live_deploy_id = None
        for label in [app.handle, *(domain.hostname for domain in queries.active_domains(app))]:
            routes.remove(label)
        settle_deliveries(app.project)


def follow_instance(instance: InstanceMoved) -> None:
    """Hear from the keeper how an app's process does; one that is down for good is not live."""
    if instance.purpose != "app" or instance.state is not InstanceState.FAILED:
        return
    deploy = session.get(Deploy, instance.subject_id, populate_existing=True)
    if deploy is None or deploy.status is not DeployStatus.LIVE:
        return
    failed = why_it_failed(instance.label)
    deploy.error_code, deploy.error_message = failed.code, failed.message
    deploy.error_suggestion, deploy.error_lines = failed.suggestion, failed.lines
    deploy.app.live_deploy_id = None
    end_as(deploy, DeployStatus.FAILED)
    announce(DeployFailed(deploy, deploy.app.project))


def tell_of_failure(deploy: Deploy) -> None:
    """Tell the developers that a commit is not live."""
    project = deploy.app.project
    tell_people(
        people_with_role(project.organization_id, Role.DEVELOPER),
        organization_id=project.organization_id,
        kind=Kind.DEPLOY_FAILED,
        text=f"{deploy.commit_sha[:8]} of {project.name} is not live: {deploy.error_message}",
        path=f"{project.path}/live",
        subject_id=deploy.app_id,
        needs_you=True,
    )
