"""What a tree is, and how it is built and started."""

from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How a tree becomes something that runs; `reasons` say in plain sentences why it was chosen so.

    Either `output` names a folder that is served as it is (`spa`: unknown addresses get its index.html),
    or `run` names the command that serves on `port`, which it finds in `PORT`. Commands are shell lines
    run in `root`.
    """

    kind: str
    root: str = ""
    install: str | None = None
    build: str | None = None
    seed: str | None = None
    output: str | None = None
    spa: bool = False
    run: str | None = None
    port: int = 8080
    health: str = "/"
    env: dict[str, str] = field(default_factory=dict)
    idle: int | None = None
    node: str | None = None  # the version of Node.js that is asked for, as 22 or 22.11
    reasons: list[str] = field(default_factory=list)

    @property
    def is_static(self) -> bool:
        """Whether no process is needed to serve it."""
        return self.run is None

    def as_dict(self) -> dict[str, Any]:
        """Write the plan as JSON can hold it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Read what `as_dict` wrote, of this version or an older one."""
        known = {each.name for each in fields(cls)}
        return cls(**{key: value for key, value in data.items() if key in known})
