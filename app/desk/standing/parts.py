"""What a standing is made of, and what the features know of a request."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.accounts.models import User
from app.apps import queries as apps
from app.apps.models import App, Deploy
from app.development.models import DevelopmentSession
from app.development.queries import latest_session
from app.previews import queries as previews
from app.previews.models import PreviewStatus
from app.requests import permissions
from app.requests.models import ProductRequest, RequestStatus
from app.reviews.models import PullRequest
from app.reviews.permissions import can_undo
from app.reviews.queries import Mergeability, count_open_threads, mergeability, pull_request_of, undoing

S = RequestStatus
QUICK, CALM = 3, 10


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something to do next: a link, a form of one button, or one that asks first."""

    label: str
    url: str
    icon: str
    is_form: bool = False
    fields: dict[str, str] = field(default_factory=dict)
    asks: str | None = None
    leaves: bool = False
    is_main: bool = False


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The sentence, and what goes with it."""

    sentence: str
    tone: str
    icon: str
    detail: str | None = None
    steps: tuple[Step, ...] = ()
    poll_seconds: int | None = None
    whose: str = ""
    live_since: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What the features know of a request, as far as it matters for where it stands."""

    request: ProductRequest
    user: User
    preview: dict[str, Any]
    session: DevelopmentSession | None
    pull: PullRequest | None
    merging: Mergeability
    app: App | None = None
    deploy: Deploy | None = None
    deploy_message: str | None = None
    undone_by: ProductRequest | None = None
    open_remarks: int = 0
    drop_reason: str | None = None

    @property
    def may_edit(self) -> bool:
        return permissions.can_edit(self.user, self.request)

    @property
    def may_build(self) -> bool:
        return permissions.can_build(self.user, self.request)

    @property
    def may_start(self) -> bool:
        return permissions.can_start_development(self.user, self.request)

    @property
    def point(self) -> Step:
        """Return the way to change something without a word: by pointing at it where it runs."""
        return Step(
            label=_("Point at what should change"),
            url=f"{self.request.path}/touch-up/pointing",
            icon="mouse-pointer-click",
        )

    @property
    def may_undo(self) -> bool:
        return self.undone_by is None and can_undo(self.user, self.request)

    @property
    def is_own(self) -> bool:
        return self.request.requester_id == self.user.id

    @property
    def asker(self) -> str:
        return self.request.requester.name

    @property
    def preview_status(self) -> PreviewStatus:
        return PreviewStatus(self.preview["status"])


def look_around(request: ProductRequest, user: User, *, drop_reason: str | None = None) -> Surroundings:
    """Ask the features what they know of a request."""
    pull = pull_request_of(request) if request.status is S.PR_OPEN else None
    is_next_merged = (pull is not None and pull.is_open) or (
        request.status is S.IN_REVIEW and request.is_accepted
    )
    app = apps.first_app(request.project) if request.status is S.MERGED else None
    deploy = apps.latest_deploy(app) if app is not None else None
    run = apps.run_of(deploy) if deploy is not None else None
    return Surroundings(
        request=request,
        user=user,
        preview=previews.as_status(previews.status_of(request.id)),
        session=latest_session(request),
        pull=pull,
        merging=mergeability(request) if is_next_merged else Mergeability("clean"),
        app=app,
        deploy=deploy,
        deploy_message=run.message if run is not None else None,
        open_remarks=count_open_threads(request) if is_next_merged else 0,
        undone_by=undoing(request) if app is not None else None,
        drop_reason=drop_reason,
    )
