"""Who shall reach this installation: the answer of its admin, kept in the home, and what follows from it."""

import contextlib
import json
import os
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

EVERYWHERE = "0.0.0.0"  # noqa: S104 - only where an admin chose it
HERE = "127.0.0.1"
_HTTP = 80


class Audience(StrEnum):
    """Who shall reach it, and how previews get addresses of their own."""

    COMPUTER = "computer"
    NAMES = "names"
    PORTS = "ports"
    DOMAIN = "domain"


class Proxy(StrEnum):
    """Where the proxy is that speaks TLS for a domain."""

    HERE = "here"
    ELSEWHERE = "elsewhere"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class Reach:
    """One answer to the question; `address` is the server's on its network, the other names are domains."""

    audience: Audience = Audience.COMPUTER
    address: str = ""
    site: str = ""
    previews: str = ""
    proxy: Proxy = Proxy.HERE

    @property
    def is_proxied(self) -> bool:
        return self.audience is Audience.DOMAIN and self.proxy is not Proxy.NONE

    @property
    def host(self) -> str:
        """Return the address to listen on."""
        stays_here = self.audience is Audience.COMPUTER or (self.is_proxied and self.proxy is Proxy.HERE)
        return HERE if stays_here else EVERYWHERE

    def url(self, port: int) -> str:
        """Return the site's address."""
        if self.is_proxied:
            return f"https://{self.site}"
        name = {Audience.COMPUTER: "localhost", Audience.DOMAIN: self.site}.get(self.audience, self.address)
        return f"http://{_with_port(name, port)}"

    def preview_domain(self, gateway_port: int) -> str:
        """Return what comes after a preview's own name; with a port for each, the server's address."""
        match self.audience:
            case Audience.PORTS:
                return self.address
            case Audience.COMPUTER:
                return f"preview.localhost:{gateway_port}"
        return self.previews if self.is_proxied else _with_port(self.previews, gateway_port)


def _with_port(name: str, port: int) -> str:
    return name if port == _HTTP else f"{name}:{port}"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What the home keeps: the answer, the one before until the new address was opened, what went wrong."""

    now: Reach = Reach()
    before: Reach | None = None
    trouble: str = ""
    is_answered: bool = False

    @property
    def host(self) -> str:
        """Return the address to listen on; wide enough for the one before, while that still answers."""
        hosts = {self.now.host, self.before.host} if self.before else {self.now.host}
        return EVERYWHERE if EVERYWHERE in hosts else HERE


def read(home: Path) -> Kept:
    """Return what is kept; what cannot be read counts as never answered, so that nobody is locked out."""
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
        kept = json.loads(_path(home).read_text())
        before = _reach(kept["before"]) if kept.get("before") else None
        return Kept(
            now=_reach(kept["now"]), before=before, trouble=str(kept.get("trouble", "")), is_answered=True
        )
    return Kept()


def answer(home: Path, new: Reach) -> Kept:
    """Keep a new answer; the address before it goes on answering until the new one was opened."""
    kept = read(home)
    before = kept.before or kept.now
    is_elsewhere = before.url(_HTTP) != new.url(_HTTP)
    return _write(home, Kept(now=new, before=before if is_elsewhere else None, is_answered=True))


def confirm(home: Path) -> Kept:
    """Note that the address was opened: the one before it need not answer any more."""
    return _write(home, replace(read(home), before=None, trouble=""))


def take_back(home: Path, trouble: str) -> Kept:
    """Go back to the answer before, and keep what stood in the way."""
    kept = read(home)
    return _write(home, Kept(now=kept.before or Reach(), trouble=trouble, is_answered=True))


def _write(home: Path, kept: Kept) -> Kept:
    path = _path(home)
    draft = path.with_suffix(".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump({**asdict(kept), "is_answered": True}, file, indent=1)
    draft.replace(path)
    return kept


def _reach(kept: dict[str, Any]) -> Reach:
    words = {name: str(kept[name]) for name in ("address", "site", "previews")}
    return Reach(audience=Audience(kept["audience"]), proxy=Proxy(kept["proxy"]), **words)


def _path(home: Path) -> Path:
    return home / "reach.json"
