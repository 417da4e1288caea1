"""What the bar on a preview shows: how it is checked, what a machine found, what was asked before."""

from typing import Any

from app.accounts.models import User
from app.core.db import session
from app.core.gherkin import scenarios_of
from app.previews import queries as previews
from app.previews.models import Preview
from app.requests.permissions import can_comment
from app.requests.queries import request_visible_to
from app.reviews import permissions, queries


def bar_for(label: str, user: User) -> dict[str, Any] | None:
    """Return what stands on the bar of the preview at a host label; None for whoever may not see it."""
    preview = previews.shown_at(label)
    if preview is None or session.scalars(request_visible_to(user, preview.request_id)).first() is None:
        return None
    request = preview.request
    is_the_last = previews.is_on_show(preview) and permissions.is_judged_now(request)
    return {
        "mayJudge": is_the_last and permissions.can_approve(user, request),
        "mayAsk": can_comment(user, request),
        "scenarios": [
            {"name": each.name, "steps": [str(step) for step in each.steps]}
            for each in scenarios_of(request.gherkin_criteria or "")
        ],
        "checks": [{"outcome": each["outcome"], "words": each["words"]} for each in _found(preview)],
        "asked": queries.pins_before(request, preview.commit_sha),
    }


def _found(preview: Preview) -> list[dict[str, Any]]:
    return list((preview.checks or {}).get("results", []))
