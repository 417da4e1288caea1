"""What runs now, and how soon to look again."""

from dataclasses import dataclass

from app.admin.disk import Disk, disk
from app.admin.queries.running import InstanceUp, RunOpen, instances_up, runs_open

PACE_MS = 3000


@dataclass(frozen=True)
class Running:
    """Instances and runs of this moment, and the room they take."""

    instances: list[InstanceUp]
    runs: list[RunOpen]
    disk: Disk

    @property
    def pace_ms(self) -> int | None:
        """Return when to look again; where nothing runs there is nothing to follow."""
        return PACE_MS if self.instances or self.runs else None

    @property
    def memory_bytes(self) -> int:
        return sum(each.instance.memory_bytes or 0 for each in self.instances)


def running() -> Running:
    """Return what runs now."""
    return Running(instances_up(), runs_open(), disk())
