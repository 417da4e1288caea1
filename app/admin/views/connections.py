"""Connections to code hosts and deploy targets."""

from uuid import UUID

from flask import Response, flash, request
from flask_babel import gettext as _

from app.admin.permissions import can_administer_installation
from app.admin.queries import projects
from app.admin.queries.people import organization_overseen_by, organizations_overseen_by
from app.admin.views.base import asked, blueprint, must_administer, same_page
from app.connections import operations, queries
from app.connections.models import CREDENTIALS, Connection, Provider
from app.connections.schemas import ConnectionChange, ConnectionsQuery, NewConnection, ProjectLink
from app.core.errors import NotFound
from app.core.paging import paginate
from app.web.guards import me
from app.web.pages import done, load_or_404, render
from app.web.schemas import Form


@blueprint.get("/admin/connections")
def list_connections() -> Response:
    """List connections, and ask for a new one."""
    must_administer()
    return _show_all()


@blueprint.post("/admin/connections")
def create_connection() -> Response:
    """Make a connection; what opens it is set on its own page."""
    must_administer()
    form = Form(NewConnection)
    made = form.submit(_connect)
    return _show_all(form, status=422) if made is None else done(f"/admin/connections/{made.id}")


def _connect(sent: NewConnection) -> Connection:
    chosen = sent.organization_id
    organization = load_or_404(organization_overseen_by(me(), chosen)) if chosen else None
    what = sent.model_dump(exclude={"organization_id", "credentials"})
    return operations.connect(organization, by=me(), **what)


def _show_all(form: Form[NewConnection] | None = None, *, status: int = 200) -> Response:
    query = asked(ConnectionsQuery)
    found = queries.connections_overseen_by(
        me(), organization_id=query.organization_id, provider=query.provider, text=query.q
    )
    page = paginate(found, page=query.page, limit=50)
    return render(
        "admin/connections.html",
        query=query,
        found=page,
        counts=queries.counts_of_projects(page.items),
        organizations=organizations_overseen_by(me()),
        providers=list(Provider),
        address=same_page,
        form=form,
        status=status,
    )


@blueprint.get("/admin/connections/<uuid:connection_id>")
def show_connection(connection_id: UUID) -> Response:
    """Show a connection, what of it is set, and what goes through it."""
    return _show(_connection(connection_id))


@blueprint.post("/admin/connections/<uuid:connection_id>")
def change_connection(connection_id: UUID) -> Response:
    """Change a connection; a credential that is left empty stays as it is."""
    connection, form = _connection(connection_id), Form(ConnectionChange)
    form.submit(
        lambda sent: operations.change(
            connection, by=me(), name=sent.name, address=sent.address, credentials=_credentials(connection)
        )
    )
    if form.errors:
        return _show(connection, form, status=422)
    flash(_("The connection %(name)s is saved.", name=connection.name), "success")
    return done(f"/admin/connections/{connection.id}")


def _credentials(connection: Connection) -> dict[str, str | None]:
    """Read what was typed: a field for each, and a box that takes away what is set."""
    names = CREDENTIALS[connection.provider]
    typed = {name: request.form.get(f"credential-{name}", "").strip() for name in names}
    gone = {name for name in names if request.form.get(f"without-{name}")}
    return {name: typed[name] or None for name in names if typed[name] or name in gone}


@blueprint.post("/admin/connections/<uuid:connection_id>/removal")
def delete_connection(connection_id: UUID) -> Response:
    """Take a connection away."""
    connection = _connection(connection_id)
    operations.disconnect(connection, by=me())
    flash(_("The connection %(name)s is gone, with what opened it.", name=connection.name), "success")
    return done("/admin/connections")


@blueprint.post("/admin/connections/<uuid:connection_id>/projects")
def link_project(connection_id: UUID) -> Response:
    """Let a project go through a connection."""
    connection, form = _connection(connection_id), Form(ProjectLink)
    form.submit(lambda sent: _link(connection, sent))
    return _show(connection, link=form, status=422) if form.errors else done(_at(connection))


def _link(connection: Connection, sent: ProjectLink) -> None:
    project = load_or_404(projects.project_overseen_by(me(), sent.project_id))
    operations.link(
        connection,
        project_id=project.id,
        organization_id=project.organization_id,
        name=project.name,
        by=me(),
    )


@blueprint.post("/admin/connections/<uuid:connection_id>/projects/<uuid:project_id>/removal")
def unlink_project(connection_id: UUID, project_id: UUID) -> Response:
    """Let a project no longer go through a connection."""
    connection = _connection(connection_id)
    project = load_or_404(projects.project_overseen_by(me(), project_id))
    linked = queries.link_to(connection, project.id)
    if linked is not None:
        operations.unlink(connection, linked, name=project.name, by=me())
    return done(_at(connection))


def _connection(connection_id: UUID) -> Connection:
    if not can_administer_installation(me()):
        raise NotFound("There is nothing at this address, or it is not yours to see.")
    return load_or_404(queries.connection_overseen_by(me(), connection_id))


def _at(connection: Connection) -> str:
    return f"/admin/connections/{connection.id}"


def _show(
    connection: Connection,
    form: Form[ConnectionChange] | None = None,
    *,
    link: Form[ProjectLink] | None = None,
    status: int = 200,
) -> Response:
    return render(
        "admin/connection.html",
        connection=connection,
        linked=projects.all_among(me(), queries.linked_projects(connection)),
        linkable=projects.all_beside(me(), connection.organization_id, queries.linked_projects(connection)),
        form=form,
        link=link,
        status=status,
    )
