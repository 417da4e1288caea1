"""The keys of one's programs; they stand here since each belongs to one organization."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from flask import Response, flash, request
from flask_babel import gettext as _

from app.accounts import operations as accounts
from app.accounts.models import ApiKey, ApiKeyStatus
from app.accounts.queries import key_of, keys_of
from app.accounts.schemas import NewApiKeyForm, Scope
from app.core.clock import iso, now
from app.core.paging import paginate
from app.organizations import operations
from app.organizations.models import memberships_of
from app.organizations.views.base import blueprint
from app.web.formats import readers_zone
from app.web.guards import ALL_SCOPES, me
from app.web.pages import done, load_or_404, page_number, render
from app.web.schemas import Form

_PER_PAGE = 30


@blueprint.get("/profile/keys")
def show_keys() -> Response:
    """Show a person's keys."""
    return _show()


@blueprint.post("/profile/keys")
def create_key() -> Response:
    """Make a key and show its secret, which stands in this one answer and nowhere else."""
    form = Form(NewApiKeyForm)
    made = form.submit(
        lambda sent: operations.make_key(
            by=me(),
            name=sent.name,
            scopes=sent.scopes,
            organization_id=sent.organization_id,
            expires_at=_end_of(sent.expires_on) if sent.expires_on else sent.expires_at,
            at_most=ALL_SCOPES,
        )
    )
    return _show(form=form, status=422) if made is None else _show(made=made, status=201)


@blueprint.post("/profile/keys/<uuid:key_id>/revocation")
def revoke_key(key_id: UUID) -> Response:
    """End a key."""
    accounts.revoke_api_key(load_or_404(key_of(me(), key_id)), by=me())
    flash(_("The key is revoked: whatever used it is refused from now on."), "success")
    return done("/profile/keys")


@blueprint.post("/profile/keys/<uuid:key_id>/removal")
def delete_key(key_id: UUID) -> Response:
    """Take a key off the list, and end it."""
    accounts.delete_api_key(load_or_404(key_of(me(), key_id)), by=me())
    flash(_("The key is gone."), "success")
    return done("/profile/keys")


def _end_of(day: date) -> datetime:
    """Return when a day is over, where its reader is."""
    return datetime.combine(day, time.max, tzinfo=readers_zone())


def _show(
    *, form: Form[NewApiKeyForm] | None = None, made: tuple[ApiKey, str] | None = None, status: int = 200
) -> Response:
    places = {membership.organization_id: membership.organization.name for membership in memberships_of(me())}
    lengths = {30: _("30 days"), 90: _("90 days"), 365: _("A year")}
    lives = [(iso(now() + timedelta(days=days)), words) for days, words in lengths.items()]
    wanted = request.args.get("status")
    shown = next((one for one in ApiKeyStatus if one == wanted), None)
    return render(
        "organizations/keys.html",
        keys=paginate(keys_of(me(), status=shown), page=page_number(), limit=_PER_PAGE),
        shown=shown,
        statuses=list(ApiKeyStatus),
        places=places,
        scopes=list(Scope),
        chosen=request.form.getlist("scopes") if form else [Scope.READ, Scope.WRITE],
        lives=[*lives, ("", _("Until it is revoked"))],
        tomorrow=(now().astimezone(readers_zone()) + timedelta(days=1)).date(),
        form=form,
        made=made,
        status=status,
    )
