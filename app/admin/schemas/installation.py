"""The installation itself: its settings, what is on, and how it does in numbers."""

from datetime import date
from typing import Literal, Self

from app.core.installation import Setting
from app.requests.models import RequestStatus
from app.web.schemas import Schema


class SettingOut(Schema):
    """A setting as it holds; a secret one says only whether it is set."""

    name: str
    value: str | None
    source: Literal["environment", "default"]
    is_set: bool
    is_secret: bool
    description: str

    @classmethod
    def of(cls, setting: Setting) -> Self:
        """Show a setting."""
        return cls(
            name=setting.name,
            value=setting.value,
            source="environment" if setting.is_set else "default",
            is_set=setting.is_set,
            is_secret=setting.is_secret,
            description=setting.description,
        )


class PartsOut(Schema):
    """What this installation works with; `sandbox` is `none` where pushed code has no walls."""

    database: Literal["sqlite", "postgresql"]
    queue: Literal["own", "server"]
    sandbox: str
    browser: bool
    mail: bool


class ConfigOut(Schema):
    """How the installation is set up."""

    version: str
    url: str
    preview_domain: str
    parts: PartsOut
    settings: list[SettingOut]


class DayOut(Schema):
    """How much was filed and merged on a day, in UTC."""

    day: date
    filed: int
    merged: int


class RunsOut(Schema):
    """How the runs of a kind ended in the last 30 days; `failureShare` is between 0 and 1."""

    kind: str
    done: int
    failed: int
    cancelled: int
    failure_share: float


class CountsOut(Schema):
    """How many there are of what."""

    users: int
    active_users: int
    organizations: int
    projects: int
    archived_projects: int
    previews_running: int
    previews_asleep: int


class PaceOut(Schema):
    """The middle of how long requests took from filing in the last 30 days, in seconds."""

    to_accepted: float | None
    to_merged: float | None


class DiskOut(Schema):
    """The data folder in bytes, by kind, and what is left on its disk."""

    kinds: dict[str, int]
    total: int
    free: int


class StatsOut(Schema):
    """How the installation does."""

    counts: CountsOut
    requests: dict[RequestStatus, int]
    days: list[DayOut]
    pace_seconds: PaceOut
    runs: list[RunsOut]
    disk_bytes: DiskOut
