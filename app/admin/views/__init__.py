"""The pages of the administration."""

from app.admin.views import (
    audit,
    connections,
    language_model,
    mail,
    organizations,
    overview,
    people,
    projects,
    reach,
    running,
)
from app.admin.views.base import blueprint

__all__ = [
    "audit",
    "blueprint",
    "connections",
    "language_model",
    "mail",
    "organizations",
    "overview",
    "people",
    "projects",
    "reach",
    "running",
]
