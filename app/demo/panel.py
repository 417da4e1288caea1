"""What the page of a demo shows: what is made of it already, and the one thing to try."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.accounts.models import User
from app.demo import permissions, queries, stories
from app.demo.models import Demo, DemoStatus
from app.organizations.models import Organization
from app.previews import queries as previews
from app.projects.models import Project
from app.requests.models import ProductRequest
from app.requests.queries import all_requests_of

POLL_SECONDS = 1


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A demo as its page draws it."""

    organization: Organization
    demo: Demo | None
    project: Project | None
    requests: list[ProductRequest]
    yours: ProductRequest | None
    preview: dict[str, Any]
    steps: list[dict[str, Any]]
    may_change: bool

    @property
    def path(self) -> str:
        return f"/{self.organization.slug}/demo"

    @property
    def status(self) -> str | None:
        return self.demo.status.value if self.demo is not None else None

    @property
    def poll_seconds(self) -> int | None:
        return POLL_SECONDS if self.demo is not None and self.demo.is_moving else None


def panel_for(organization: Organization, user: User) -> Panel:
    """Return what there is of an organization's demo."""
    demo = queries.demo_of(organization)
    project = queries.sample_project(organization.id) if demo is not None else None
    made = all_requests_of(project) if project is not None else []
    yours = next((each for each in made if demo and each.id == demo.request_id(stories.FIRST.key)), None)
    preview = previews.as_status(previews.status_of(yours.id)) if yours is not None else {}
    return Panel(
        organization=organization,
        demo=demo,
        project=project,
        requests=made,
        yours=yours,
        preview=preview,
        steps=_steps(demo, project, made, preview) if demo is not None else [],
        may_change=permissions.can_look_around(user, organization.id),
    )


def _steps(
    demo: Demo, project: Project | None, made: list[ProductRequest], preview: dict[str, Any]
) -> list[dict[str, Any]]:
    """Return what is done, what goes on and what is left, each by looking at what there is."""
    over = sum(
        demo.steps_done(story.key) >= len(story.steps)
        for story in stories.IN_ORDER
        if story.key in demo.played
    )
    is_made = demo.status is DemoStatus.READY
    facts = [
        (_("A project with its repository, and three people who take part"), project is not None, None),
        (_("%(n)s requests on its board", n=len(stories.IN_ORDER)), len(made) >= len(stories.IN_ORDER), None),
        (_("The preview that waits for you"), bool(preview.get("previewUrl")), preview.get("message")),
        (
            _("The others ask, build, try and merge"),
            is_made,
            _("%(done)s of %(all)s are where they shall be", done=over, all=len(stories.IN_ORDER)),
        ),
    ]
    going = next((at for at, (_label, done, _note) in enumerate(facts) if not done), None)
    return [
        {
            "label": label,
            "state": "done" if done or is_made else "running" if at == going else "waiting",
            "note": note if at == going else None,
        }
        for at, (label, done, note) in enumerate(facts)
    ]
