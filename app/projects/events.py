"""What projects announce."""

from dataclasses import dataclass, field

from app.accounts.models import User
from app.projects.models import Project


@dataclass(frozen=True)
class ProjectCreated:
    """There is a new project, with its repository."""

    project: Project
    by: User


@dataclass(frozen=True)
class BranchMoved:
    """A branch of a project's repository has a new tip, or is gone (`new` is None)."""

    project: Project
    branch: str
    old: str | None
    new: str | None
    by: User | None


@dataclass(frozen=True)
class StartPolicyChanged:
    """Somebody else than before starts the work, or says yes to it."""

    project: Project
    by: User


@dataclass(frozen=True)
class ProjectArchived:
    """A project rests."""

    project: Project
    by: User


@dataclass(frozen=True)
class ProjectRestored:
    """A project that rested is taken up again."""

    project: Project
    by: User


@dataclass(frozen=True)
class PushBegun:
    """Somebody is about to push.

    Whoever hears it puts into `notes` what the pusher will read, by branch, and into `kept` the branches that
    must not be deleted.
    """

    project: Project
    by: User
    notes: dict[str, str] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
