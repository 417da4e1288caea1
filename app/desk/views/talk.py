"""What people say on the page of a request: comments, reactions, labels, and that they watch."""

from uuid import UUID

from flask import Response, request

from app.core.errors import Conflict
from app.desk.views.base import REQUEST, blueprint, find_request
from app.desk.views.parts import changed, part_of, show
from app.requests import operations as requests
from app.requests import queries
from app.requests.mentions import written_as
from app.requests.models import Activity, ProductRequest
from app.requests.schemas import CommentWords, LabelToggle, Reacting, Said, Watching
from app.requests.views import HandedIn
from app.web.guards import me, takes_files
from app.web.pages import done, load_or_404, render, wants_fragment
from app.web.schemas import Form

MOST_PEOPLE = 8
LONGEST_NAME = 120
_COMMENT = f"{REQUEST}/comments/<uuid:comment_id>"


@blueprint.post(f"{REQUEST}/comments")
@takes_files
def comment(organization: str, project: str, number: int) -> Response:
    """Say something."""
    wanted, form = find_request(organization, project, number), Form(Said)
    files = HandedIn(wanted.project)
    said = form.submit(
        lambda sent: requests.comment(wanted, by=me(), text=sent.text, attachments=files.all())
    )
    if said is not None:
        return part_of(wanted, "feed") if wants_fragment() else done(f"{wanted.path}#feed")
    if wants_fragment():
        return part_of(wanted, "feed", status=422, comment_form=form, kept=files.kept)
    return show(wanted, status=422, comment_form=form, kept=files.kept)


@blueprint.get(_COMMENT)
def show_comment(organization: str, project: str, number: int, comment_id: UUID) -> Response:
    """Lead to where a comment stands."""
    return done(_find(find_request(organization, project, number), comment_id).path)


@blueprint.post(_COMMENT)
def change_comment(organization: str, project: str, number: int, comment_id: UUID) -> Response:
    """Change one's own words; when they were changed elsewhere meanwhile, both versions are shown."""
    said, form = _find(find_request(organization, project, number), comment_id), Form(CommentWords)
    if form.errors:
        return _ask(said, form, status=422)
    try:
        requests.change_comment(said, by=me(), text=form.valid.text, version=form.valid.version)
    except Conflict:
        return _ask(said, form, status=409)
    return done(said.path)


def _ask(said: Activity, form: Form[CommentWords], *, status: int) -> Response:
    is_conflict = status == 409  # noqa: PLR2004 - HTTP's word for it
    return render("desk/comment.html", comment=said, form=form, is_conflict=is_conflict, status=status)


@blueprint.post(f"{_COMMENT}/removal")
def remove_comment(organization: str, project: str, number: int, comment_id: UUID) -> Response:
    """Take one's own words back, or remove somebody's."""
    said = _find(find_request(organization, project, number), comment_id)
    requests.remove_comment(said, by=me())
    return done(said.path)


def _find(wanted: ProductRequest, comment_id: UUID) -> Activity:
    return load_or_404(queries.comment_in(wanted, comment_id))


@blueprint.get(f"{REQUEST}/people")
def suggest_people(organization: str, project: str, number: int) -> Response:
    """Show whom a few letters behind an `@` may mean."""
    wanted = find_request(organization, project, number)
    letters = request.args.get("q", "").strip().casefold()[:LONGEST_NAME]
    people = queries.people_to_mention(wanted)
    found = [each for each in people if f" {letters}" in f" {each.name}".casefold()][:MOST_PEOPLE]
    named = [(each, written_as(each, people)) for each in found]
    return render("desk/people.html", fragment="desk/_people.html", request_=wanted, people=named)


@blueprint.post(f"{REQUEST}/reactions")
def react(organization: str, project: str, number: int) -> Response:
    """React to the request, or take that back."""
    wanted, sent = find_request(organization, project, number), Form(Reacting).valid
    requests.react(wanted, sent.kind, by=me(), reacted=sent.reacted)
    return part_of(wanted, "reactions") if wants_fragment() else done(f"{wanted.path}#reactions")


@blueprint.post(f"{_COMMENT}/reactions")
def react_to_comment(organization: str, project: str, number: int, comment_id: UUID) -> Response:
    """React to a comment, or take that back."""
    wanted, sent = find_request(organization, project, number), Form(Reacting).valid
    said = _find(wanted, comment_id)
    requests.react(wanted, sent.kind, by=me(), reacted=sent.reacted, to=said)
    return part_of(wanted, "feed") if wants_fragment() else done(said.path)


@blueprint.post(f"{REQUEST}/labels")
def label(organization: str, project: str, number: int) -> Response:
    """Put a label on the request, or take it off."""
    wanted, sent = find_request(organization, project, number), Form(LabelToggle).valid
    [chosen] = queries.labels_in(wanted.organization_id, [sent.label_id])
    act = requests.add_label if sent.on else requests.remove_label
    act(wanted, chosen, by=me())
    return changed(wanted, "rail")


@blueprint.post(f"{REQUEST}/watching")
def watch(organization: str, project: str, number: int) -> Response:
    """Be told what happens to the request, or not any more."""
    wanted = find_request(organization, project, number)
    requests.watch(wanted, by=me(), watching=Form(Watching).valid.watching)
    return part_of(wanted, "rail") if wants_fragment() else done(wanted.path)
