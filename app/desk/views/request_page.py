"""The page of a request, its two tabs, and what is done on it."""

from flask import Response, flash, request
from flask_babel import gettext as _

from app.core.errors import Conflict
from app.desk import operations
from app.desk.schemas import Assignment, EditRequest, Properties, Reason, Start
from app.desk.sheet import sheet_of
from app.desk.views.base import REQUEST, blueprint, find_request
from app.desk.views.parts import changed, part_of, show
from app.desk.words import is_plain_to
from app.development.panel import panel_for
from app.organizations.queries import person_in
from app.requests import operations as requests
from app.requests.models import ProductRequest, WorkflowAction
from app.requests.permissions import can_edit, is_editable
from app.reviews import operations as reviews
from app.reviews.changes import changes_of
from app.reviews.panel import review_for
from app.web.guards import me
from app.web.pages import done, render, wants_fragment
from app.web.schemas import Form

A = WorkflowAction


@blueprint.get(REQUEST)
def show_request(organization: str, project: str, number: int) -> Response:
    """Show where a request stands, what it is, and what was said of it."""
    return show(find_request(organization, project, number))


@blueprint.get(f"{REQUEST}/work")
def show_work(organization: str, project: str, number: int) -> Response:
    """Show how a request is being made: the session, the changed files, the prompt, the rounds."""
    wanted = find_request(organization, project, number)
    return render(
        "desk/work.html",
        tab="work",
        sheet=sheet_of(wanted, me(), tab="work"),
        panel=panel_for(wanted, me()),
        review=review_for(wanted, me(), beside=True),
        changes=changes_of(wanted, me()),
        request_=wanted,
    )


# --- the parts that change while somebody looks ----------------------------------------------------------


@blueprint.get(f"{REQUEST}/standing")
def show_standing(organization: str, project: str, number: int) -> Response:
    """Show where it stands now; the other parts hear of it when that changed."""
    tab = "work" if request.args.get("tab") == "work" else "request"
    sheet = sheet_of(find_request(organization, project, number), me(), tab=tab)
    if wants_fragment() and request.args.get("seen") == sheet.mark:
        return Response(status=204)
    if not wants_fragment():
        return done(sheet.path)
    answer = render("desk/request.html", fragment="desk/_standing.html", sheet=sheet)
    answer.headers["HX-Trigger"] = "request-changed"
    return answer


@blueprint.get(f"{REQUEST}/parts/<any(preview, feed, rail, reactions):part>")
def show_part(organization: str, project: str, number: int, part: str) -> Response:
    """Show one part of the page as it is now."""
    wanted = find_request(organization, project, number)
    return part_of(wanted, part) if wants_fragment() else done(wanted.path)


# --- what is done on it ----------------------------------------------------------------------------------


@blueprint.post(f"{REQUEST}/assignment")
def assign(organization: str, project: str, number: int) -> Response:
    """Name who works on it, or nobody."""
    wanted, sent = find_request(organization, project, number), Form(Assignment).valid
    to = person_in(wanted.organization_id, sent.user_id) if sent.user_id else None
    requests.assign(wanted, by=me(), to=to)
    return changed(wanted, "rail")


@blueprint.post(f"{REQUEST}/properties")
def change_properties(organization: str, project: str, number: int) -> Response:
    """Change what kind it is, or how urgent."""
    wanted, sent = find_request(organization, project, number), Form(Properties).valid
    requests.edit_request(wanted, by=me(), type=sent.type, priority=sent.priority)
    return changed(wanted, "rail")


@blueprint.get(f"{REQUEST}/edit")
def ask_for_words(organization: str, project: str, number: int) -> Response:
    """Show the words of a request, to be changed."""
    return _ask(find_request(organization, project, number), form=None)


@blueprint.post(f"{REQUEST}/edit")
def edit(organization: str, project: str, number: int) -> Response:
    """Change the words; when somebody else was quicker, both versions are shown."""
    wanted, form = find_request(organization, project, number), Form(EditRequest)
    if form.errors:
        return _ask(wanted, form, status=422)
    try:
        requests.edit_request(wanted, by=me(), **form.valid.model_dump())
    except Conflict as trouble:
        form.refuse(trouble)
        return _ask(wanted, form, status=409)
    return done(wanted.path)


def _ask(wanted: ProductRequest, form: Form[EditRequest] | None, *, status: int = 200) -> Response:
    return render(
        "desk/edit.html",
        status=status,
        request_=wanted,
        form=form,
        is_conflict=status == 409,  # noqa: PLR2004 - HTTP's word for it
        may_edit=can_edit(me(), wanted),
        is_editable=is_editable(wanted),
    )


@blueprint.post(f"{REQUEST}/cancellation")
def drop(organization: str, project: str, number: int) -> Response:
    """Drop it, with the reason."""
    wanted, form = find_request(organization, project, number), Form(Reason)
    if form.errors:
        return show(wanted, status=422, drop_form=form)
    operations.take(wanted, A.CANCEL, by=me(), payload={"reason": form.valid.reason})
    return done(wanted.path)


@blueprint.post(f"{REQUEST}/reopening")
def reopen(organization: str, project: str, number: int) -> Response:
    """Take it up again."""
    wanted = find_request(organization, project, number)
    operations.take(wanted, A.REOPEN, by=me(), payload={})
    return done(wanted.path)


@blueprint.post(f"{REQUEST}/yes")
def say_yes(organization: str, project: str, number: int) -> Response:
    """Allow the work, which starts by itself."""
    wanted = find_request(organization, project, number)
    operations.take(wanted, A.ALLOW_DEVELOPMENT, by=me(), payload={})
    return done(wanted.path)


@blueprint.post(f"{REQUEST}/start")
def start(organization: str, project: str, number: int) -> Response:
    """Start the work; developers are shown how it goes."""
    wanted, sent = find_request(organization, project, number), Form(Start).valid
    operations.take(wanted, A.START_DEVELOPMENT, by=me(), payload={"agent": sent.agent})
    return done(wanted.path if is_plain_to(me(), wanted) else f"{wanted.path}/work")


@blueprint.post(f"{REQUEST}/merge")
def merge(organization: str, project: str, number: int) -> Response:
    """Merge what was accepted; where that is not possible, the page says why."""
    wanted = find_request(organization, project, number)
    try:
        reviews.open_and_merge(wanted, by=me())
    except Conflict as trouble:
        flash(trouble.message, "error")
    else:
        flash(_("Merged."), "success")
    return done(wanted.path)


@blueprint.post(f"{REQUEST}/undoing")
def undo(organization: str, project: str, number: int) -> Response:
    """Ask for what was merged to be taken out again; where that is not possible, the page says why."""
    wanted = find_request(organization, project, number)
    try:
        made = reviews.undo(wanted, by=me())
    except Conflict as trouble:
        flash(" ".join(filter(None, [trouble.message, trouble.suggestion])), "error")
        return done(wanted.path)
    flash(_("Asked for. Try it, then accept it, and it is taken out."), "success")
    return done(made.path)
