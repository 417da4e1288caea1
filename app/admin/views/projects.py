"""The projects of the installation."""

from uuid import UUID

from flask import Response, flash
from flask_babel import gettext as _

from app.admin import operations
from app.admin.permissions import can_administer_installation
from app.admin.queries import projects as queries
from app.admin.queries.people import organizations_overseen_by
from app.admin.schemas.projects import OverseenProjectChange, OverseenProjectsQuery, ProjectRemoval
from app.admin.views.base import asked, blueprint, must_administer, same_page
from app.connections.queries import all_of_project
from app.core.errors import NotFound
from app.core.paging import paginate
from app.projects.models import Project
from app.web.guards import me, works_at_rest
from app.web.pages import done, load_or_404, render
from app.web.schemas import Form


@blueprint.get("/admin/projects")
def list_projects() -> Response:
    """List the projects of all organizations."""
    must_administer()
    query = asked(OverseenProjectsQuery)
    found = queries.projects_overseen_by(
        me(), text=query.q, organization_id=query.organization_id, is_archived=query.archived
    )
    page = paginate(found, page=query.page, limit=50)
    return render(
        "admin/projects.html",
        query=query,
        found=page,
        counts=queries.counts_of_requests(page.items),
        organizations=organizations_overseen_by(me()),
        address=same_page,
    )


@blueprint.get("/admin/projects/<uuid:project_id>")
def show_project(project_id: UUID) -> Response:
    """Show a project, and what would go with it."""
    return _show(_project(project_id))


@blueprint.post("/admin/projects/<uuid:project_id>")
@works_at_rest
def change_project(project_id: UUID) -> Response:
    """Change a project, or let it rest."""
    project, form = _project(project_id), Form(OverseenProjectChange)
    form.submit(lambda sent: operations.change_project(project, by=me(), **sent.model_dump()))
    if form.errors:
        return _show(project, form, status=422)
    flash(_("The project %(name)s is changed.", name=project.name), "success")
    return done(f"/admin/projects/{project.id}")


@blueprint.post("/admin/projects/<uuid:project_id>/removal")
@works_at_rest
def delete_project(project_id: UUID) -> Response:
    """Delete a project, once its name in addresses was typed."""
    project, form, name = _project(project_id), Form(ProjectRemoval), _project(project_id).name
    form.submit(lambda sent: operations.delete_project(project, by=me(), confirmation=sent.confirmation))
    if form.errors:
        return _show(project, removal=form, status=422)
    flash(_("The project %(name)s is deleted. What still runs of it ends now.", name=name), "success")
    return done("/admin/projects")


def _project(project_id: UUID) -> Project:
    if not can_administer_installation(me()):
        raise NotFound("There is nothing at this address, or it is not yours to see.")
    return load_or_404(queries.project_overseen_by(me(), project_id))


def _show(
    project: Project,
    form: Form[OverseenProjectChange] | None = None,
    *,
    removal: Form[ProjectRemoval] | None = None,
    status: int = 200,
) -> Response:
    return render(
        "admin/project.html",
        project=project,
        count=queries.counts_of_requests([project]).get(project.id, 0),
        connections=all_of_project(me(), project.id),
        form=form,
        removal=removal,
        status=status,
    )
