"""What the board shows: its columns, the cards in them, and where each card may go."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask_babel import gettext as _

from app.accounts.models import User
from app.desk import words
from app.desk.operations import Transition, may_take, transitions_for, why_open_it
from app.desk.schemas import BoardView
from app.previews import queries as previews
from app.previews.models import PreviewStatus
from app.projects.models import Project
from app.requests import queries
from app.requests.models import (
    ACTIONS,
    ProductRequest,
    RequestPriority,
    RequestStatus,
    RequestType,
    WorkflowAction,
)
from app.requests.permissions import can_arrange, can_label
from app.requests.queries import Filters

PAGE = 25
COLUMNS = tuple(status for status in RequestStatus if status is not RequestStatus.CANCELLED)
A = WorkflowAction


@dataclass(frozen=True, kw_only=True)
class Card:
    """One request, as the board draws it."""

    id: UUID
    number: int
    title: str
    url: str
    type: RequestType
    priority: RequestPriority
    round: int
    assignee: str | None
    turn: str
    yours: bool
    since: Any
    preview: str | None
    preview_url: str | None
    move_url: str | None
    menu_url: str | None
    open_moves: list[str] = field(default_factory=list)
    asking_moves: dict[str, str] = field(default_factory=dict)
    votes: int = 0
    steps: int = 0
    steps_done: int = 0
    waits: str | None = None
    guest: str | None = None
    labels: list[tuple[str, str]] = field(default_factory=list)
    labels_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class CardMenu:
    """What can be done with a card besides opening it."""

    number: int
    move_url: str
    moves: list[dict[str, Any]]
    place_url: str | None
    labels_url: str | None


@dataclass(frozen=True, kw_only=True)
class Column:
    """One state, and the first requests in it."""

    name: str
    title: str
    tone: str
    icon: str
    count: int
    url: str
    cards: list[Card]
    more_url: str | None
    none: str
    limit: int | None = None


@dataclass(frozen=True, kw_only=True)
class Board:
    """A project's board, as somebody sees it through their filters."""

    project: Project
    view: BoardView
    columns: list[Column]
    current: str
    mark: str

    @property
    def total(self) -> int:
        return sum(column.count for column in self.columns)

    @property
    def address(self) -> str:
        return address(self.project.path, self.view)

    @property
    def poll_url(self) -> str:
        return address(self.project.path, self.view, seen=self.mark)


def board_of(project: Project, view: BoardView, *, user: User) -> Board:
    """Return a project's board for somebody, in a number of statements that does not grow with the cards."""
    filters = filters_of(view, user)
    shown = [*COLUMNS, RequestStatus.CANCELLED] if view.dropped or view.archived else list(COLUMNS)
    most = {status: PAGE * (1 + view.more.count(status)) for status in shown}
    counts = queries.counts_on(project, filters)
    found = queries.columns_on(project, filters, most)
    ids = [request.id for requests in found.values() for request in requests]
    glances, tallies = previews.glances(ids), queries.tallies_of(ids)
    filtered = address("", view)
    columns = [
        _column(
            status,
            view,
            project,
            count=counts.get(status, 0),
            cards=[
                card_of(
                    request,
                    user=user,
                    filtered=filtered,
                    glance=glances.get(request.id),
                    tally=tallies.get(request.id, queries.Tally()),
                )
                for request in found[status]
            ],
        )
        for status in shown
    ]
    return Board(
        project=project,
        view=view,
        columns=columns,
        current=_current(view, columns),
        mark=queries.mark_of(project),
    )


def filters_of(view: BoardView, user: User) -> Filters:
    """Return what the address narrows the board to."""
    assignee = user.id if view.assignee == "me" else view.assignee
    return Filters(
        text=view.q,
        statuses=tuple(view.status),
        type=view.type,
        priority=view.priority,
        assignee_id=assignee if assignee != "none" else None,
        is_unassigned=assignee == "none",
        requester_id=user.id if view.requester == "me" else view.requester,
        archived=view.archived,
        sort=view.order,
        label_id=view.label,
    )


def address(path: str, view: BoardView, **more: Any) -> str:
    """Return the address of the board, or of something on it, with its filters; None takes one away."""
    known = view.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"more"})
    given = {name: value for name, value in {**known, **more}.items() if value is not None}
    given = {name: "1" if value is True else value for name, value in given.items()}
    return f"{path}?{urlencode(given, doseq=True)}" if given else path


def _column(
    status: RequestStatus, view: BoardView, project: Project, *, count: int, cards: list[Card]
) -> Column:
    drawn = words.state(status)
    more = [*view.more, status]
    return Column(
        name=status.value,
        title=drawn.title,
        tone=drawn.tone,
        icon=drawn.icon,
        count=count,
        url=address(project.path, view, column=status.value),
        cards=cards,
        more_url=address(project.path, view, more=[each.value for each in more])
        if count > len(cards)
        else None,
        none=_NONE[status](),
    )


_NONE: dict[RequestStatus, Callable[[], str]] = {
    RequestStatus.DRAFT: lambda: _("New wishes begin here."),
    RequestStatus.INTERVIEWING: lambda: _("Here a few questions make a wish clear."),
    RequestStatus.READY: lambda: _("What is clear waits here to be started."),
    RequestStatus.IN_DEVELOPMENT: lambda: _("What somebody works on."),
    RequestStatus.IN_REVIEW: lambda: _("What can be tried and accepted."),
    RequestStatus.CHANGES_REQUESTED: lambda: _("What goes back for another round."),
    RequestStatus.PR_OPEN: lambda: _("What is accepted and on its way."),
    RequestStatus.MERGED: lambda: _("What is done."),
    RequestStatus.CANCELLED: lambda: _("Nothing was dropped."),
}
"""What an empty column is for."""


def _current(view: BoardView, columns: list[Column]) -> str:
    """Return the column that a phone shows: the one asked for, else the first where something waits."""
    names = [column.name for column in columns]
    if view.column in names:
        return str(view.column)
    waiting = (column.name for column in columns if any(card.yours for card in column.cards))
    filled = (column.name for column in columns if column.count)
    return next(waiting, None) or next(filled, None) or names[0]


def card_of(
    request: ProductRequest,
    *,
    user: User,
    filtered: str,
    glance: previews.Glance | None,
    tally: queries.Tally,
) -> Card:
    """Return one request as a board, of which `filtered` says the filters, draws it for somebody."""
    steps = _open_steps(user, request)
    can_be_moved = bool(steps) or can_arrange(user, request)
    labels_url = _labels_url(user, request)
    cannot_be_tried = is_failing(request, glance)
    path = request.path
    return Card(
        id=request.id,
        number=request.number,
        title=request.title,
        url=path,
        type=request.type,
        priority=request.priority,
        round=request.round,
        assignee=request.assignee.name if request.assignee else None,
        turn=words.on_card(user, request, cannot_be_tried=cannot_be_tried),
        yours=words.is_turn_of(user, request, cannot_be_tried=cannot_be_tried),
        since=request.turn_since,
        preview=glance.status.value if glance and not request.is_over else None,
        preview_url=glance.url if glance and not request.is_over else None,
        move_url=f"{path}/move{filtered}" if can_be_moved else None,
        menu_url=f"{path}/moves{filtered}" if can_be_moved or labels_url else None,
        open_moves=[to.value for to in steps.values()],
        asking_moves={to.value: asks for action, to in steps.items() if (asks := question(request, action))},
        votes=tally.votes,
        steps=tally.steps,
        steps_done=tally.steps_done,
        waits=None if words.is_held_back(request) else words.names_of_blockers(request) or None,
        guest=request.guest_name,
        labels=[(label.name, label.color) for label in request.labels],
        labels_url=labels_url,
    )


def menu_of(request: ProductRequest, *, user: User, view: BoardView) -> CardMenu:
    """Return what somebody can do with a card from where they look at the board."""
    moves = _moves(request, _steps(user, request))
    return CardMenu(
        number=request.number,
        move_url=address(f"{request.path}/move", view),
        moves=moves if any(move["allowed"] for move in moves) else [],
        place_url=_place_url(request, view) if can_arrange(user, request) else None,
        labels_url=_labels_url(user, request),
    )


def _labels_url(user: User, request: ProductRequest) -> str | None:
    return f"{request.path}?labels=open#rail" if can_label(user, request) else None


def _place_url(request: ProductRequest, view: BoardView) -> str | None:
    """Return where a card is put elsewhere in its column, while that shows the order by hand."""
    return address(f"{request.path}/place", view) if view.order is queries.Sort.POSITION else None


def is_failing(request: ProductRequest, glance: previews.Glance | None) -> bool:
    """Tell whether a request was to be tried but cannot, since its preview failed."""
    is_to_be_tried = request.status is RequestStatus.IN_REVIEW and not request.is_accepted
    return is_to_be_tried and glance is not None and glance.status is PreviewStatus.FAILED


def _open_steps(user: User, request: ProductRequest) -> dict[WorkflowAction, RequestStatus]:
    """Return the steps that a card takes by being moved; its menu says why not the others."""
    return {
        action: to
        for action in request.open_actions
        if _leads_elsewhere(action, to := ACTIONS[action][request.status], request)
        and why_open_it(request, action) is None
        and may_take(user, request, action)
    }


def _steps(user: User, request: ProductRequest) -> list[Transition]:
    """Return the steps that lead to another column."""
    return [
        step for step in transitions_for(user, request) if _leads_elsewhere(step.action, step.to, request)
    ]


def _leads_elsewhere(action: WorkflowAction, to: RequestStatus, request: ProductRequest) -> bool:
    return to is not request.status and action is not A.CANCEL


def _why_not(request: ProductRequest, step: Transition) -> str | None:
    return step.reason or why_open_it(request, step.action)


def _moves(request: ProductRequest, steps: Iterable[Transition]) -> list[dict[str, Any]]:
    """Return where a card may go, and why not where it may not."""
    return [
        {
            "to": step.to.value,
            "label": words.state(step.to).title,
            "allowed": (why := _why_not(request, step)) is None,
            "why": why,
        }
        for step in steps
    ]


def question(request: ProductRequest, action: WorkflowAction) -> str | None:
    """Return what is asked before a step that cannot be taken back."""
    if action is A.MERGE:
        return str(_("Merge #%(number)s? It goes live with this.", number=request.number))
    if action is A.RESET_INTERVIEW:
        return str(
            _(
                "Begin the questions of #%(number)s anew? What was agreed stays in its history only.",
                number=request.number,
            )
        )
    return None
