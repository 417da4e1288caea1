"""Reads of previews; what a poll asks for is one statement."""

from app.previews.queries.rows import (
    folders_in_use,
    latest_preview,
    open_previews,
    open_previews_up,
    orphaned,
    overdue_previews,
    preview_of,
    previews_of,
    run_of,
    typical_seconds,
    unended,
)
from app.previews.queries.status import (
    Glance,
    as_status,
    effective,
    failing_among,
    glances,
    is_to_be_noted,
    quick_status,
    status_by_key,
    status_of,
)

__all__ = [
    "Glance",
    "as_status",
    "effective",
    "failing_among",
    "folders_in_use",
    "glances",
    "is_to_be_noted",
    "latest_preview",
    "open_previews",
    "open_previews_up",
    "orphaned",
    "overdue_previews",
    "preview_of",
    "previews_of",
    "quick_status",
    "run_of",
    "status_by_key",
    "status_of",
    "typical_seconds",
    "unended",
]
