"""Whether an answer to who shall reach this would hold: names, ports, and the way back to this very door."""

import secrets
import socket
from collections.abc import Iterator
from dataclasses import dataclass

from app.core.installation import Installation
from app.core.reach import Audience, Reach
from app.integrations.doorbell import Doorbell
from app.integrations.resolver import Found, Resolver

_COUNTRY, _SHORT = 2, 3


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: what, how it is, and whether that is well."""

    name: str
    said: str
    is_good: bool
    is_needed: bool = True


def look(answer: Reach, here: Installation, *, resolver: Resolver, doorbell: Doorbell) -> list[Check]:
    """Look at everything that an answer needs."""
    match answer.audience:
        case Audience.NAMES:
            return [*_names(answer, resolver)]
        case Audience.PORTS:
            return [_ports(here)]
        case Audience.DOMAIN:
            return [*_domain(answer, here, resolver, doorbell), *_separation(answer)]
    return []


def _names(answer: Reach, resolver: Resolver) -> Iterator[Check]:
    name = f"{_any_label()}.{answer.previews}"
    found = resolver.find(name)
    if not found.addresses:
        yield Check(name, f"It should lead to {answer.address}, but {found.trouble}.", is_good=False)
        return
    said = f"It leads to {_listed(found)}."
    is_good = answer.address in found.addresses
    yield Check(name, said if is_good else f"{said[:-1]}, not to {answer.address}.", is_good=is_good)


def _ports(here: Installation) -> Check:
    given = here.preview_ports or here.port_range
    taken = [port for port in given if port not in here.preview_ports and not _is_free(port)]
    name = f"Ports {given.start} to {given.stop - 1}"
    if not taken:
        return Check(name, f"All {len(given)} are free for previews.", is_good=True)
    said = f"{len(taken)} of {len(given)} belong to other programs; previews get the others."
    return Check(name, said, is_good=len(taken) < len(given))


def _is_free(port: int) -> bool:
    with socket.socket() as door:
        door.settimeout(0.2)
        return door.connect_ex(("127.0.0.1", port)) != 0


def _domain(answer: Reach, here: Installation, resolver: Resolver, doorbell: Doorbell) -> Iterator[Check]:
    site = resolver.find(answer.site)
    yield Check(answer.site, _where(site, "an A or AAAA record"), is_good=bool(site.addresses))
    label = _any_label()
    under = resolver.find(f"{label}.{answer.previews}")
    yield Check(f"*.{answer.previews}", _where(under, "a wildcard record"), is_good=bool(under.addresses))
    if site.addresses and under.addresses and not set(site.addresses) & set(under.addresses):
        both = f"The site leads to {_listed(site)}, previews lead to {_listed(under)}."
        yield Check("One server", both, is_good=False, is_needed=False)
    scheme = "https" if answer.is_proxied else "http"
    if site.addresses:
        yield _arrival(f"{answer.url(here.port)}/healthz", doorbell)
    if under.addresses:
        host = answer.preview_domain(here.gateway_port)
        yield _arrival(f"{scheme}://{label}.{host}/.greenroom/health", doorbell)


def _where(found: Found, record: str) -> str:
    if found.addresses:
        return f"It leads to {_listed(found)}."
    return f"It leads nowhere yet: {found.trouble}. Make {record} with this server's address."


def _listed(found: Found) -> str:
    told = ", ".join(found.addresses)
    return f"{told} (by way of {found.alias})" if found.alias else told


def _arrival(address: str, doorbell: Doorbell) -> Check:
    trouble = doorbell.ring(address)
    said = f"It should end here, but {trouble}." if trouble else "It ends here."
    return Check(address, said, is_good=not trouble)


def _separation(answer: Reach) -> Iterator[Check]:
    if common := common_domain(answer.site, answer.previews):
        said = (
            f"Both are part of {common}, so what people push could set cookies that reach the site. "
            "Give previews a domain of their own."
        )
        yield Check("Separate domains", said, is_good=False, is_needed=False)


def common_domain(site: str, previews: str) -> str:
    """Return the domain that both belong to and could share cookies by; nothing where there is none."""
    if f".{site}".endswith(f".{previews}"):
        return previews
    if f".{previews}".endswith(f".{site}"):
        return site
    ours, theirs = _registered(site), _registered(previews)
    return ours if ours == theirs else ""


def _registered(name: str) -> str:
    """Return about that part of a name which somebody registers: example.com, example.co.uk."""
    parts = name.split(".")
    is_double = len(parts) > _COUNTRY and len(parts[-1]) == _COUNTRY and len(parts[-2]) <= _SHORT
    return ".".join(parts[-3 if is_double else -2 :])


def _any_label() -> str:
    return f"check-{secrets.token_hex(4)}"
