"""Reads of specs, each for somebody."""

from app.specs.queries.finding import InvalidPattern, specs_matching
from app.specs.queries.status import (
    as_status,
    quick_status,
    status_by_key,
    status_of,
    statuses_of,
)
from app.specs.queries.visible import (
    credits_used,
    hosted,
    hosted_bundle,
    hosted_file,
    newest_version,
    open_specs,
    pages_of,
    spec_at,
    spec_visible_to,
    specs_of,
    specs_of_request,
    specs_visible_to,
    version_of,
    versions_of,
)

__all__ = [
    "InvalidPattern",
    "as_status",
    "credits_used",
    "hosted",
    "hosted_bundle",
    "hosted_file",
    "newest_version",
    "open_specs",
    "pages_of",
    "quick_status",
    "spec_at",
    "spec_visible_to",
    "specs_matching",
    "specs_of",
    "specs_of_request",
    "specs_visible_to",
    "status_by_key",
    "status_of",
    "statuses_of",
    "version_of",
    "versions_of",
]
