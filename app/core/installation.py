"""What this installation is: its folders, addresses and limits, handed down by the factory."""

import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_LONGEST_SOCKET_FOLDER = 70  # a Unix socket's path holds 107 bytes, file name included


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one piece of sandboxed work may use."""

    memory_mb: int = 1024
    processes: int = 256
    seconds: int = 600
    file_mb: int = 512
    disk_mb: int = 2048


@dataclass(frozen=True)
class Setting:
    """One setting as it holds here; what could open something says only whether it is set."""

    name: str
    value: str | None
    is_set: bool
    is_secret: bool
    description: str


@dataclass(frozen=True, kw_only=True)
class Installation:
    """One installation, as every part below the factory may know it."""

    home: Path
    url: str
    preview_domain: str
    secret_key: str = field(repr=False)
    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8000
    gateway_port: int = 8001
    former_url: str = ""  # answers as well, until the new address was opened once
    preview_ports: range = range(0)  # where previews have ports of their own instead of names
    port_range: range = range(8100, 8200)  # what these would be
    proxies: int = 0
    pinned: frozenset[str] = frozenset()  # what the environment decides about who reaches this
    unsandboxed: bool = False
    sweeper: bool = True
    sweep_seconds: float = 10
    reconcile_seconds: float = 20
    lease_seconds: float = 15
    worker_idle_seconds: int = 0  # of those for builds and agents; 0: they stay
    idle_seconds: int = 900
    start_seconds: int = 60
    push_limit_mb: int = 200
    file_limit_mb: int = 25
    files_limit_mb: int = 100
    archive_limit_mb: int = 2048
    spec_credits: int = 0  # of an organization in a month; 0 for no limit
    doc_hosts: tuple[str, ...] = ()  # that pages are read of though their addresses are private
    model_url: str = ""  # empty: no language model is used
    model_key: str = field(default="", repr=False)
    model_name: str = ""
    smtp_url: str = field(default="", repr=False)  # empty: no mail is sent, links are shown
    mail_from: str = ""
    browser: str = ""
    build_limits: Limits = field(default_factory=Limits)
    instance_limits: Limits = field(default_factory=lambda: Limits(memory_mb=512, processes=128))
    agent_limits: Limits = field(default_factory=lambda: Limits(memory_mb=2048, seconds=1800))
    agent_paths: tuple[Path, ...] = ()
    webhook_secrets: Mapping[str, str] = field(default_factory=dict, repr=False)  # by sender; empty is closed
    cron_secret: str = field(default="", repr=False)
    audit_days: int = 365
    most_environments: int = 100  # of an organization at once
    most_warm: int = 4  # of an organization, that stand ready for nobody so far
    environment_seconds: int = 3600
    environment_max_seconds: int = 86_400
    service_ports: range = range(0)  # of task environments, where names of previews do not lead everywhere
    oldest_clients: Mapping[str, tuple[int, ...]] = field(default_factory=dict)  # that are still answered
    settings: tuple[Setting, ...] = field(default=(), repr=False)

    def folder(self, name: str) -> Path:
        """Return a folder of the home, made when it is missing."""
        path = self.home / name
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path

    @property
    def repositories(self) -> Path:
        return self.folder("repositories")

    @property
    def checkouts(self) -> Path:
        return self.folder("checkouts")

    @property
    def caches(self) -> Path:
        return self.folder("caches")

    @property
    def files(self) -> Path:
        return self.folder("files")

    @property
    def logs(self) -> Path:
        return self.folder("logs")

    @property
    def run(self) -> Path:
        """Return the folder of sockets; short, since the kernel's limit is."""
        path = self.home / "run"
        if len(str(path)) > _LONGEST_SOCKET_FOLDER:
            name = hashlib.sha256(str(self.home).encode()).hexdigest()[:12]
            path = Path(tempfile.gettempdir()) / f"greenroom-{name}"
            path.mkdir(mode=0o700, exist_ok=True)
            if path.lstat().st_uid != os.geteuid():  # the name can be guessed, and others may write there
                raise RuntimeError(f"{path} belongs to somebody else. Remove it, or shorten GREENROOM_HOME.")
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path

    @property
    def keeper_socket(self) -> Path:
        return self.run / "keeper.sock"

    @property
    def gateway_socket(self) -> Path:
        """Return the door of the gateway for this installation itself, which nobody else can open."""
        return self.run / "gateway.sock"

    @property
    def scheme(self) -> str:
        return self.url.split("://", 1)[0]

    @property
    def origins(self) -> frozenset[str]:
        """Return the addresses that the site's own pages come from."""
        return frozenset({self.url, self.former_url} - {""})

    @property
    def shares_host(self) -> bool:
        """Tell whether previews differ from the site by their port alone, which cookies do not see."""
        return bool(self.preview_ports)

    def preview_url(self, label: str) -> str:
        """Return the address of what is served under a host label, or under a whole name of its own."""
        if "." in label:
            _, colon, port = self.preview_domain.partition(":")
            return f"{self.scheme}://{label}{colon}{port}"
        return f"{self.scheme}://{label}.{self.preview_domain}"

    def port_url(self, port: int) -> str:
        """Return the address of what has a port of its own."""
        return f"http://{self.preview_domain}:{port}"

    @property
    def preview_origins(self) -> str:
        """Return the addresses of all previews, as a content security policy names them."""
        return f"http://{self.preview_domain}:*" if self.shares_host else self.preview_url("*")


_here: list[Installation] = []


def configure(installation: Installation) -> None:
    """Say which installation this process belongs to."""
    _here[:] = [installation]


def installation() -> Installation:
    """Return the installation this process belongs to."""
    if not _here:
        raise RuntimeError("configure() was not called: start through app.factory or app.cli")
    return _here[0]


def is_known() -> bool:
    """Tell whether this process belongs to an installation."""
    return bool(_here)
