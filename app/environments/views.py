"""The environments of a project, for people: make one of a task, work in it, tear it down."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, request
from flask_babel import gettext as _

from app.core.paging import paginate, slice_of
from app.environments import operations, permissions, queries
from app.environments.commands import Ran, instruction_of
from app.environments.models import Environment, TaskVersion
from app.environments.schemas import Execution, NewTask, Submission, TaskChoice
from app.projects.models import Project
from app.projects.queries import project_at
from app.web.guards import me, takes_files
from app.web.log_files import answer_log
from app.web.pages import done, load_or_404, page_number, render
from app.web.schemas import Form
from app.web.uploads import one_upload

blueprint = Blueprint("environments", __name__)

_ALL = "/<organization>/<project>/environments"
_ONE = f"{_ALL}/<uuid:environment_id>"
_POLL_MS = 1500
_AS_IT_COMES = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_MOST_TASKS = 100


def _project(organization: str, project: str) -> Project:
    return load_or_404(project_at(me(), organization, project))


def _environment(organization: str, project: str, environment_id: UUID) -> Environment:
    return load_or_404(queries.environment_in(_project(organization, project), environment_id))


@blueprint.get(_ALL)
def list_environments(organization: str, project: str) -> Response:
    """List a project's environments, and the tasks that they are made of."""
    return _list(_project(organization, project))


def _list(place: Project, *, status: int = 200, **forms: Any) -> Response:
    found = paginate(queries.environments_in(place), page=page_number())
    tasks, _total = slice_of(queries.tasks_in(place.organization), limit=_MOST_TASKS, skip=0)
    return render(
        "environments/list.html",
        fragment="environments/_list.html",
        project=place,
        found=found,
        tasks=tasks,
        standing=queries.ready_by_version(place),
        address=f"{place.path}/environments",
        poll_ms=_POLL_MS if any(each.is_on_the_way for each in found.items) else None,
        may_create=permissions.can_create(me(), place),
        status=status,
        **forms,
    )


@blueprint.post(_ALL)
def create_environment(organization: str, project: str) -> Response:
    """Make an environment of a task and show how far it is."""
    place, form = _project(organization, project), Form(TaskChoice)
    made = form.submit(
        lambda sent: operations.create_environment(
            place,
            load_or_404(queries.version_by_id(place.organization, sent.version_id)),
            by=me(),
            seconds=sent.minutes * 60,
        )
    )
    return _list(place, form=form, status=422) if made is None else done(made[0].path)


@blueprint.post(f"{_ALL}/tasks")
@takes_files
def publish_task(organization: str, project: str) -> Response:
    """Publish a task from an archive, or from a folder of the project's repository."""
    place, form = _project(organization, project), Form(NewTask)

    def publish(sent: NewTask) -> TaskVersion:
        if sent.project:
            return operations.publish_folder(
                place.organization, by=me(), project=place, ref=sent.ref, folder=sent.path
            )
        return operations.publish_upload(place.organization, by=me(), upload=one_upload("file"))

    made = form.submit(publish)
    if made is None:
        return _list(place, task_form=form, status=422)
    flash(_("%(task)s is published.", task=made.ref), "success")
    return done(f"{place.path}/environments")


@blueprint.post(f"{_ALL}/tasks/<uuid:task_id>/removal")
def remove_task(organization: str, project: str, task_id: UUID) -> Response:
    """Remove a task with all its versions."""
    place = _project(organization, project)
    task = load_or_404(queries.task_in(place.organization, task_id))
    name = task.name
    operations.remove_task(task, by=me())
    flash(_("%(task)s is removed.", task=name), "success")
    return done(f"{place.path}/environments")


@blueprint.get(_ONE)
def show_environment(organization: str, project: str, environment_id: UUID) -> Response:
    """Show how an environment stands, where its services are, and what can be done in it."""
    return _show(_environment(organization, project, environment_id))


def _show(environment: Environment, *, ran: Ran | None = None, status: int = 200, **forms: Any) -> Response:
    return render(
        "environments/page.html",
        fragment="environments/_environment.html",
        environment=environment,
        poll_ms=_POLL_MS if environment.is_on_the_way else None,
        may_use=permissions.can_use(me(), environment),
        instruction=instruction_of(environment),
        ran=ran,
        status=status,
        **forms,
    )


@blueprint.post(f"{_ONE}/commands")
def run_command(organization: str, project: str, environment_id: UUID) -> Response:
    """Run a command and show what it said; a script of the page reads along while it runs."""
    environment = _environment(organization, project, environment_id)
    form = Form(Execution)
    if request.accept_mimetypes.best == "text/plain":
        followed = form.submit(
            lambda sent: operations.follow_command(
                environment, command=sent.command, seconds=sent.timeout_sec, by=me()
            )
        )
        if followed is not None:
            return Response(followed, mimetype="text/plain", headers=_AS_IT_COMES)
        return _show(environment, form=form, status=422)
    ran = form.submit(
        lambda sent: operations.execute(environment, command=sent.command, seconds=sent.timeout_sec, by=me())
    )
    return _show(environment, ran=ran, form=form, status=200 if ran is not None else 422)


@blueprint.post(f"{_ONE}/verification")
def verify(organization: str, project: str, environment_id: UUID) -> Response:
    """Find out now whether the task is done."""
    environment = _environment(organization, project, environment_id)
    form = Form(Submission)
    found = form.submit(lambda sent: operations.verify(environment, by=me(), flag=sent.flag))
    return _show(environment, flag_form=form, status=422) if found is None else done(environment.path)


@blueprint.post(f"{_ONE}/removal")
def tear_down(organization: str, project: str, environment_id: UUID) -> Response:
    """Tear an environment down for good."""
    environment = _environment(organization, project, environment_id)
    operations.tear_down(environment, by=me())
    return done(environment.path)


@blueprint.get(f"{_ONE}/log")
def read_log(organization: str, project: str, environment_id: UUID) -> Response:
    """Give the log of bringing an environment up, from a byte offset on, or whole."""
    environment = _environment(organization, project, environment_id)
    return answer_log(environment.log_path, ended=not environment.is_on_the_way)
