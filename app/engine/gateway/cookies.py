"""Which cookies pass between a browser and an app, and under which names.

Our own never reach an app, and no app can set one of ours. Where previews differ by their port alone,
browsers keep one jar for all of them and for the site: there, what an app keeps from scripts is given a name
of its own in the jar, so that it comes back to this app alone.
"""

import hashlib
from collections.abc import Iterator

from app.engine.handover import COOKIE, POINTING_COOKIE

APPS = "gr_app_"
_SITE = {"greenroom", "__host-greenroom"}
_WHITE = " \t"


def pass_name(label: str, *, shares_host: bool) -> str:
    """Return what the cookie is called that lets a person look at a label."""
    return f"{COOKIE}_{_mark(label)}" if shares_host else COOKIE


def pointing_name(label: str, *, shares_host: bool) -> str:
    """Return what the cookie is called that lets a person point at what should change at a label."""
    return f"{POINTING_COOKIE}_{_mark(label)}" if shares_host else POINTING_COOKIE


def passes(header: str, name: str) -> Iterator[str]:
    """Yield each value of a pass; a neighbour may have put a second one beside the true one."""
    if name not in header:
        return
    for part in header.split(";"):
        found, _, value = part.partition("=")
        if found.strip() == name:
            yield value.strip()


def for_app(header: str, label: str, *, shares_host: bool) -> str:
    """Return a Cookie header as the app behind a label may see it."""
    if shares_host:
        return _from_shared_jar(header, f"{APPS}{_mark(label)}_")
    if COOKIE not in header:
        return header
    kept = [part.strip() for part in header.split(";") if not part.strip().startswith(COOKIE)]
    return "; ".join(kept)


def _from_shared_jar(header: str, prefix: str) -> str:
    own: dict[str, str] = {}
    common: list[tuple[str, str]] = []
    for part in header.split(";"):
        name, equals, value = part.strip(_WHITE).partition("=")
        name = name.strip(_WHITE)
        if name.startswith(prefix):
            own[name.removeprefix(prefix)] = value
        elif equals and name and not _is_ours(name):
            common.append((name, value))
    pairs = [*own.items(), *((name, value) for name, value in common if name not in own)]
    return "; ".join(f"{name}={value}" for name, value in pairs)


def for_browser(cookie: str, label: str, *, shares_host: bool) -> list[str]:
    """Return what a browser may be told when an app sets a cookie: on this host alone, no name of ours."""
    first, *attributes = cookie.split(";")
    name, equals, value = first.partition("=")
    name = name.strip(_WHITE)
    kept = [part for part in attributes if part.partition("=")[0].strip(_WHITE).lower() != "domain"]
    if not shares_host:
        return [] if name.startswith(COOKIE) else [";".join([first, *kept])]
    if not equals or not name or _is_ours(name):
        return []  # a cookie without a name would come back as whatever its value looks like
    apart = f"{APPS}{_mark(label)}_{name}"
    if any(part.strip(_WHITE).lower() == "httponly" for part in kept):
        return [";".join([f"{apart}={value}", *kept])]
    path = [part for part in kept if part.partition("=")[0].strip(_WHITE).lower() == "path"]
    # Whatever it kept from scripts under this name until now gives way to it.
    return [";".join([f"{name}={value}", *kept]), ";".join([f"{apart}=", *path[-1:], " Max-Age=0"])]


def _is_ours(name: str) -> bool:
    return name.lower() in _SITE or name.startswith((COOKIE, APPS))


def _mark(label: str) -> str:
    return hashlib.blake2b(label.encode(), digest_size=4).hexdigest()
