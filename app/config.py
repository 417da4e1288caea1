"""Settings: every environment variable that Greenroom reads, typed, documented and checked at start."""

import os
import re
import secrets
from collections.abc import Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, Field, ValidationError, ValidationInfo, field_validator

from app.core import reach
from app.core.installation import Installation, Limits, Setting


def _switch(value: object) -> object:
    return {"": False, "0": False, "off": False, "no": False, "false": False}.get(str(value).lower(), True)


# The names of settings whose values open something; those of servers may hold a password.
_OPENS = re.compile(r"SECRET|PASSWORD|TOKEN|KEY|CREDENTIAL|DSN|DATABASE_URL|REDIS_URL|SMTP_URL")
Switch = Annotated[bool, BeforeValidator(_switch)]


def _setting(name: str, default: Any, description: str, **more: Any) -> Any:
    return Field(default=default, description=description, validation_alias=name, **more)


class BadSettings(SystemExit):
    """A setting does not hold; the message names it, and the process ends with it."""


class Settings(BaseModel):
    """What an operator can set; `docs/settings.md` lists the same names."""

    model_config = {"frozen": True}

    home: Path = _setting("GREENROOM_HOME", Path("var"), "Database, repositories, checkouts, logs and keys.")
    host: str = _setting("GREENROOM_HOST", "127.0.0.1", "The address that web and gateway listen on.")
    port: int = _setting("GREENROOM_PORT", 8000, "The port of the main site.", ge=0, le=65535)
    gateway_port: int = _setting("GREENROOM_GATEWAY_PORT", 8001, "The port of the previews.", ge=0, le=65535)
    url: str = _setting("GREENROOM_URL", "", "The address of the main site as people type it.")
    preview_domain: str = _setting("GREENROOM_PREVIEW_DOMAIN", "", "What comes after a preview's own name.")
    preview_ports: str = _setting(
        "GREENROOM_PREVIEW_PORTS",
        "8100-8199",
        "The ports of previews, where each has one instead of a name.",
    )
    proxies: int = _setting(
        "GREENROOM_PROXIES", 0, "How many proxies stand in front and may say who asks (X-Forwarded-*).", ge=0
    )
    database_url: str = _setting("DATABASE_URL", "", "Postgres, where SQLite in the home is not enough.")
    redis_url: str = _setting("REDIS_URL", "", "Valkey or Redis, where our own on a socket is not wanted.")
    queue_server: str = _setting(
        "VALKEY_SERVER_BIN", "", "A Valkey or Redis to start, where the bundled one cannot run."
    )
    secret_key: str = _setting("SECRET_KEY", "", "Signs sessions and links; made once and kept in the home.")
    unsandboxed: Switch = _setting(
        "GREENROOM_UNSANDBOXED",
        False,
        "Run pushed code without bubblewrap: only where all pushers are trusted.",
    )
    sweeper: Switch = _setting("GREENROOM_SWEEPER", True, "Off only to see what breaks without the sweeper.")
    sweep_seconds: float = _setting("GREENROOM_SWEEP_SECONDS", 10, "Pace of the sweeper, in seconds.", gt=0)
    reconcile_seconds: float = _setting(
        "GREENROOM_RECONCILE_SECONDS", 20, "Pace of the reconciler, in seconds.", gt=0
    )
    lease_seconds: float = _setting(
        "GREENROOM_LEASE_SECONDS", 15, "How long a worker may be silent, in seconds.", ge=2
    )
    worker_idle_seconds: int = _setting(
        "GREENROOM_WORKER_IDLE_SECONDS",
        300,
        "A worker for builds or agents that found nothing to do ends after this, in seconds, and is back "
        "when something waits; 0 to let it stay.",
        ge=0,
    )
    idle_seconds: int = _setting(
        "GREENROOM_IDLE_SECONDS", 900, "A preview without a visit sleeps after this, in seconds.", ge=5
    )
    start_seconds: int = _setting(
        "GREENROOM_START_SECONDS",
        60,
        "How long a preview may take to give its first answer, in seconds.",
        ge=1,
    )
    push_limit_mb: int = _setting("GREENROOM_PUSH_LIMIT_MB", 200, "The largest push, in MiB.", ge=1)
    file_limit_mb: int = _setting(
        "GREENROOM_FILE_LIMIT_MB", 25, "The largest file of a request, in MiB.", ge=1
    )
    files_limit_mb: int = _setting(
        "GREENROOM_FILES_LIMIT_MB", 100, "All files of one request together, in MiB.", ge=1
    )
    archive_limit_mb: int = _setting(
        "GREENROOM_ARCHIVE_LIMIT_MB", 2048, "The largest archive that is brought in, unpacked, in MiB.", ge=1
    )
    spec_credits: int = _setting(
        "GREENROOM_SPEC_CREDITS",
        0,
        "What an organization's specs may take in a month: 10 for a fast one, 50 for a deep; 0: no limit.",
        ge=0,
    )
    doc_hosts: str = _setting(
        "GREENROOM_DOC_HOSTS",
        "",
        "Hosts that specs may read pages of though their addresses are private, parted by commas.",
        pattern=r"^ *([\w.-]+(:\d+)? *(, *|$))*$",
    )
    model_url: str = _setting(
        "GREENROOM_MODEL_URL",
        "",
        "Where a language model answers, any that speaks OpenAI's protocol, such as http://localhost:11434/v1.",
        pattern=r"^(https?://\S+)?$",
    )
    model_key: str = _setting("GREENROOM_MODEL_KEY", "", "The key for the language model.", repr=False)
    model_name: str = _setting("GREENROOM_MODEL", "", "Which language model is asked, by its name there.")
    build_memory_mb: int = _setting("GREENROOM_BUILD_MEMORY_MB", 1024, "Memory of one build, in MiB.", ge=64)
    build_seconds: int = _setting("GREENROOM_BUILD_SECONDS", 600, "Time of one build, in seconds.", ge=5)
    instance_memory_mb: int = _setting(
        "GREENROOM_INSTANCE_MEMORY_MB", 512, "Memory of one running preview, in MiB.", ge=32
    )
    browser: str = _setting(
        "GREENROOM_BROWSER", "", "The Chromium that looks at previews; `none` for none, else it is searched."
    )
    agent_memory_mb: int = _setting(
        "GREENROOM_AGENT_MEMORY_MB", 2048, "Memory of one coding agent, in MiB.", ge=64
    )
    agent_seconds: int = _setting(
        "GREENROOM_AGENT_SECONDS", 1800, "Time of one coding agent, in seconds.", ge=5, le=3300
    )
    agent_paths: tuple[Path, ...] = _setting(
        "GREENROOM_AGENT_PATHS", (), "Folders outside of /usr that agents may read, parted by colons."
    )
    smtp_url: str = _setting(
        "GREENROOM_SMTP_URL",
        "",
        "The server that sends mail: smtp://user:password@host:587, or smtps:// with 465.",
        repr=False,
    )
    mail_from: str = _setting(
        "GREENROOM_MAIL_FROM",
        "",
        "Whom mail comes from, such as Greenroom <greenroom@example.com>.",
        validate_default=True,
    )
    github_webhook_secret: str = _setting(
        "GREENROOM_GITHUB_WEBHOOK_SECRET",
        "",
        "What GitHub signs its webhooks with.",
        min_length=16,
        repr=False,
    )
    vercel_webhook_secret: str = _setting(
        "GREENROOM_VERCEL_WEBHOOK_SECRET",
        "",
        "What Vercel signs its webhooks with.",
        min_length=16,
        repr=False,
    )
    cursor_webhook_secret: str = _setting(
        "GREENROOM_CURSOR_WEBHOOK_SECRET",
        "",
        "What Cursor signs its webhooks with.",
        min_length=16,
        repr=False,
    )
    cron_secret: str = _setting(
        "GREENROOM_CRON_SECRET", "", "What a clock elsewhere shows at /api/cron.", min_length=16, repr=False
    )
    environments: int = _setting(
        "GREENROOM_ENVIRONMENTS", 100, "How many task environments an organization may have at once.", ge=1
    )
    warm_environments: int = _setting(
        "GREENROOM_WARM_ENVIRONMENTS",
        4,
        "How many more of an organization may stand ready before anybody asks, where tasks say so.",
        ge=0,
    )
    environment_seconds: int = _setting(
        "GREENROOM_ENVIRONMENT_SECONDS",
        3600,
        "How long a task environment lives where nobody says it, in seconds.",
        ge=10,
    )
    environment_max_seconds: int = _setting(
        "GREENROOM_ENVIRONMENT_MAX_SECONDS", 86_400, "How long one may live at most, in seconds.", ge=10
    )
    environment_ports: str = _setting(
        "GREENROOM_ENVIRONMENT_PORTS",
        "8200-8299",
        "The ports of task environments' services, where names of previews do not lead everywhere.",
    )
    oldest_clients: str = _setting(
        "GREENROOM_OLDEST_CLIENTS",
        "",
        "Clients of the task environments with the oldest version that is answered: name/1.2, other/3.0.",
        pattern=r"^\s*([\w.-]+/\d+(\.\d+)*\s*(,\s*[\w.-]+/\d+(\.\d+)*\s*)*)?$",
    )
    audit_days: int = _setting(
        "GREENROOM_AUDIT_DAYS", 365, "How long the audit log remembers, in days.", ge=1
    )
    log_level: str = _setting("GREENROOM_LOG_LEVEL", "INFO", "debug, info, warning or error.")
    testing: bool = Field(default=False, exclude=True)

    @field_validator("home")
    @classmethod
    def _real(cls, value: Path) -> Path:
        return value.expanduser().resolve()  # what is served lies at no path that leads over a link

    @field_validator("agent_paths", mode="before")
    @classmethod
    def _folders(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        found = [Path(each).expanduser() for each in value.split(os.pathsep) if each]
        for path in found:
            if not path.is_absolute() or not path.is_dir() or path == Path("/"):
                raise ValueError(f"{path} is no folder that could be shown")
        return tuple(found)

    @field_validator("url")
    @classmethod
    def _bare_url(cls, value: str) -> str:
        if value and (urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).netloc):
            raise ValueError("must be like https://greenroom.example.com")
        return value.rstrip("/")

    @field_validator("smtp_url")
    @classmethod
    def _relay(cls, value: str) -> str:
        parts = urlsplit(value)
        try:
            holds = parts.scheme in {"smtp", "smtps"} and bool(parts.hostname) and parts.port != 0
        except ValueError:  # its sentence may hold a piece of the password
            holds = False
        if value and not (holds and parts.path in {"", "/"} and not parts.query and not parts.fragment):
            raise ValueError("must be like smtp://user:password@mail.example.com:587, other signs as %40")
        return value

    @field_validator("mail_from")
    @classmethod
    def _sender(cls, value: str, info: ValidationInfo) -> str:
        local, _, domain = parseaddr(value)[1].rpartition("@")
        if (value or info.data.get("smtp_url")) and not (local and domain and value.isprintable()):
            raise ValueError("must be like greenroom@example.com, wherever GREENROOM_SMTP_URL is set")
        return value

    @field_validator("preview_ports", "environment_ports")
    @classmethod
    def _two_ports(cls, value: str) -> str:
        first, _, last = value.partition("-")
        if not (first.isdigit() and last.isdigit() and 0 < int(first) <= int(last) < 65536):  # noqa: PLR2004
            raise ValueError("must be like 8100-8199")
        return value

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Read the settings; a wrong one ends the process with a sentence that names it."""
        source = os.environ if environ is None else environ
        given = {
            str(field.validation_alias): source[str(field.validation_alias)]
            for field in cls.model_fields.values()
            if field.validation_alias and source.get(str(field.validation_alias), "") != ""
        }
        try:
            return cls.model_validate(given)
        except ValidationError as trouble:
            lines = [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in trouble.errors()]
            raise BadSettings("A setting does not hold. " + "; ".join(lines)) from None

    @property
    def has_own_queue(self) -> bool:
        return not self.redis_url

    @property
    def pinned(self) -> frozenset[str]:
        """Return which of the settings that say who reaches this are set."""
        names = {
            "host": "GREENROOM_HOST",
            "url": "GREENROOM_URL",
            "preview_domain": "GREENROOM_PREVIEW_DOMAIN",
        }
        return frozenset(setting for name, setting in names.items() if name in self.model_fields_set)

    def installation(self) -> Installation:
        """Return what the parts below may know, with everything that was left open filled in."""
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        bare = Installation(
            home=self.home, url="", preview_domain="", secret_key="", database_url="", redis_url=""
        )
        kept = reach.read(self.home)
        url = self.url or kept.now.url(self.port)
        return Installation(
            home=self.home,
            url=url,
            former_url=kept.before.url(self.port) if kept.before and not self.url else "",
            preview_domain=self.preview_domain or self._preview_domain(kept.now, url),
            preview_ports=self._port_range if self._has_ports(kept.now) else range(0),
            port_range=self._port_range,
            proxies=self.proxies if "proxies" in self.model_fields_set else int(kept.now.is_proxied),
            pinned=self.pinned,
            secret_key=self.secret_key or _kept_secret(self.home / "secret.key"),
            database_url=_driver(self.database_url) or f"sqlite:///{self.home / 'greenroom.db'}",
            redis_url=self.redis_url or f"unix://{bare.run / 'valkey.sock'}",
            host=self.host if "host" in self.model_fields_set else kept.host,
            port=self.port,
            gateway_port=self.gateway_port,
            unsandboxed=self.unsandboxed,
            sweeper=self.sweeper,
            sweep_seconds=self.sweep_seconds,
            reconcile_seconds=self.reconcile_seconds,
            lease_seconds=self.lease_seconds,
            worker_idle_seconds=self.worker_idle_seconds,
            idle_seconds=self.idle_seconds,
            start_seconds=self.start_seconds,
            push_limit_mb=self.push_limit_mb,
            file_limit_mb=self.file_limit_mb,
            files_limit_mb=self.files_limit_mb,
            archive_limit_mb=self.archive_limit_mb,
            spec_credits=self.spec_credits,
            doc_hosts=tuple(filter(None, map(str.strip, self.doc_hosts.split(",")))),
            model_url=self.model_url if self.model_name else "",
            model_key=self.model_key,
            model_name=self.model_name,
            smtp_url=self.smtp_url,
            mail_from=self.mail_from,
            browser=self.browser,
            build_limits=Limits(memory_mb=self.build_memory_mb, seconds=self.build_seconds),
            instance_limits=Limits(memory_mb=self.instance_memory_mb, processes=128),
            agent_limits=Limits(memory_mb=self.agent_memory_mb, seconds=self.agent_seconds),
            agent_paths=self.agent_paths,
            webhook_secrets={
                "github": self.github_webhook_secret,
                "vercel": self.vercel_webhook_secret,
                "cursor": self.cursor_webhook_secret,
            },
            cron_secret=self.cron_secret,
            audit_days=self.audit_days,
            most_environments=self.environments,
            most_warm=self.warm_environments,
            environment_seconds=min(self.environment_seconds, self.environment_max_seconds),
            environment_max_seconds=self.environment_max_seconds,
            service_ports=self._service_ports(kept.now, url),
            oldest_clients=_versions(self.oldest_clients),
            settings=self.described,
        )

    @property
    def described(self) -> tuple[Setting, ...]:
        """Return every setting by its name, for pages and programs; of secrets only whether they are set."""
        return tuple(
            Setting(
                name=name,
                value=None if _OPENS.search(name) else _written(getattr(self, each)),
                is_set=each in self.model_fields_set,
                is_secret=bool(_OPENS.search(name)),
                description=field.description or "",
            )
            for each, field in type(self).model_fields.items()
            if isinstance(name := field.validation_alias, str)
        )

    def _preview_domain(self, now: reach.Reach, url: str) -> str:
        if now.audience is reach.Audience.PORTS:
            return urlsplit(url).hostname or now.address
        return now.preview_domain(self.gateway_port)

    def _has_ports(self, now: reach.Reach) -> bool:
        return now.audience is reach.Audience.PORTS and not self.preview_domain

    @property
    def _port_range(self) -> range:
        return _range(self.preview_ports)

    def _service_ports(self, now: reach.Reach, url: str) -> range:
        """Return the ports of services; none where each service has a name that leads everywhere."""
        domain = (self.preview_domain or self._preview_domain(now, url)).partition(":")[0]
        is_local = domain == "localhost" or domain.endswith(".localhost")
        return _range(self.environment_ports) if is_local and not self._has_ports(now) else range(0)


def _range(written: str) -> range:
    first, _, last = written.partition("-")
    return range(int(first), int(last) + 1)


def _versions(written: str) -> dict[str, tuple[int, ...]]:
    """Read `name/1.2, other/3.0` as versions by name."""
    named = (each.strip().partition("/") for each in written.split(",") if each.strip())
    return {name.lower(): tuple(map(int, version.split("."))) for name, _, version in named}


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return os.pathsep.join(map(str, value)) if isinstance(value, tuple) else str(value)


def _kept_secret(path: Path) -> str:
    """Return the installation's own secret, made at the first start with mode 0600."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    secret = secrets.token_urlsafe(48)
    with os.fdopen(descriptor, "w") as file:
        file.write(secret + "\n")
    return secret


def _driver(url: str) -> str:
    """Name the driver that we ship in a plain postgres:// address."""
    for plain in ("postgres://", "postgresql://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url
