"""A wish as the keeper read it, apart from the database that may change meanwhile."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from app.core.installation import Limits, installation
from app.engine.instances import Desired, InstanceState


@dataclass(frozen=True)
class Wish:
    """A row as it was read: what shall run, and how."""

    id: UUID
    label: str
    purpose: str
    subject_id: str
    folder: str
    command: str
    env: Mapping[str, str]
    secrets: Mapping[str, str] | None
    port: int
    health: str
    limits: Mapping[str, int] | None
    outbound: bool
    start_seconds: int
    idle_seconds: int | None
    log_path: str
    desired: Desired
    version: int
    state: InstanceState
    ready_at: datetime | None
    typical_ms: int | None
    restarts: int
    last_visit_at: datetime | None

    @property
    def bounds(self) -> Limits:
        return Limits(**{**asdict(installation().instance_limits), **(self.limits or {})})
