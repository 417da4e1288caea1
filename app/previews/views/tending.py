"""Care for a preview that is up: sleep, awake, restart, longer."""

from flask import Response, flash
from flask_babel import gettext as _

from app.previews import operations
from app.previews.schemas import Awake
from app.previews.views.base import ADDRESS, blueprint, find_request, show_again
from app.projects.queries import project_at
from app.web.guards import me
from app.web.pages import done, load_or_404
from app.web.schemas import Form


@blueprint.post(f"{ADDRESS}/sleep")
def put_to_sleep(organization: str, project: str, number: int) -> Response:
    """End its process until somebody opens it."""
    wanted = find_request(organization, project, number)
    operations.put_to_sleep(wanted, by=me())
    return show_again(wanted)


@blueprint.post(f"{ADDRESS}/wakefulness")
def keep_awake(organization: str, project: str, number: int) -> Response:
    """Let it run though nobody looks, or let it sleep again when it is idle."""
    wanted = find_request(organization, project, number)
    operations.keep_awake(wanted, by=me(), awake=Form(Awake).valid.awake)
    return show_again(wanted)


@blueprint.post(f"{ADDRESS}/restart")
def restart(organization: str, project: str, number: int) -> Response:
    """Start its process anew."""
    wanted = find_request(organization, project, number)
    operations.restart(wanted, by=me())
    return show_again(wanted)


@blueprint.post(f"{ADDRESS}/extension")
def extend(organization: str, project: str, number: int) -> Response:
    """Let it stay longer."""
    wanted = find_request(organization, project, number)
    operations.extend(wanted, by=me())
    return show_again(wanted)


@blueprint.post("/<organization>/<project>/previews/rebuild")
def rebuild_open(organization: str, project: str) -> Response:
    """Build whatever is up again, with what was set since."""
    here = load_or_404(project_at(me(), organization, project))
    count = operations.rebuild_open(here, by=me())
    flash(_("%(count)s previews are built again.", count=count), "success")
    return done(f"{here.path}/settings#previews")
