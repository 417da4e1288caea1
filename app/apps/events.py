"""What apps announce."""

from dataclasses import dataclass

from app.accounts.models import User
from app.apps.models import App, AppVersion, Deploy
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


@dataclass(frozen=True)
class VersionMoved:
    """The files of a version are others than before: somebody saved or pushed (`commit` is its new tip)."""

    version: AppVersion
    commit: str
    by: User | None


@dataclass(frozen=True)
class VersionDeleted:
    """A version is deleted, or its branch is: nothing of it is to run any more."""

    version: AppVersion


@dataclass(frozen=True)
class AppDeleted:
    """An app is deleted: it can be taken back for a while, but nothing of it is to run."""

    app: App
    by: User | None
