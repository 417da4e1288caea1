"""The pages of apps."""

from app.apps.views import apps, builds, deploys, domains, editor, git, live, variables, versions
from app.apps.views.base import blueprint

__all__ = [
    "apps",
    "blueprint",
    "builds",
    "deploys",
    "domains",
    "editor",
    "git",
    "live",
    "variables",
    "versions",
]
