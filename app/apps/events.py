"""What apps announce."""

from dataclasses import dataclass

from app.apps.models import Deploy
from app.projects.models import Project


@dataclass(frozen=True)
class AppLive:
    """A commit of a project is live."""

    deploy: Deploy
    project: Project


@dataclass(frozen=True)
class DeployFailed:
    """A commit could not be put live; what was live stays."""

    deploy: Deploy
    project: Project
