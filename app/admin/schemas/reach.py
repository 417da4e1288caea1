"""The answer to who shall reach this."""

import ipaddress
import re
from typing import Annotated, Self

from pydantic import AfterValidator, model_validator

from app.core.reach import Audience, Proxy, Reach
from app.web.schemas import Schema

NAMERS = "sslip.io"
_NAME = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*")


def _host(value: str) -> str:
    value = value.strip().lower().rstrip(".").removeprefix("*.")
    if value and not _NAME.fullmatch(value):
        raise ValueError("Only the name: no http://, no port, no path.")
    return value


Host = Annotated[str, AfterValidator(_host)]


def is_address(value: str) -> bool:
    """Tell whether this is an IPv4 address."""
    try:
        ipaddress.IPv4Address(value)
    except ValueError:
        return False
    return True


def names_for(address: str) -> str:
    """Return what a public name service calls an address."""
    return f"{address.replace('.', '-')}.{NAMERS}"


class ReachAnswer(Schema):
    """Who shall reach this; which of the other fields count depends on the first."""

    audience: Audience
    address: Host = ""
    names: Host = ""
    site: Host = ""
    previews: Host = ""
    proxy: Proxy = Proxy.HERE

    @model_validator(mode="after")
    def _whole(self) -> Self:
        needed = {
            Audience.COMPUTER: (),
            Audience.NAMES: ("address",),
            Audience.PORTS: ("address",),
            Audience.DOMAIN: ("site", "previews"),
        }[self.audience]
        if missing := [name for name in needed if not getattr(self, name)]:
            words = {
                "address": "Say which address this server has in your network.",
                "site": "Say which domain the site has.",
                "previews": "Say which domain the previews have.",
            }
            raise ValueError(words[missing[0]])
        if self.audience is Audience.NAMES and not self.names and not is_address(self.address):
            raise ValueError("Names can be made of an address like 192.168.1.20, not of another name.")
        if self.audience is Audience.DOMAIN and self.site == self.previews:
            raise ValueError("Site and previews need different domains.")
        return self

    def reach(self) -> Reach:
        """Return the answer, without the fields that do not count."""
        match self.audience:
            case Audience.NAMES:
                previews = self.names or names_for(self.address)
                return Reach(audience=self.audience, address=self.address, previews=previews)
            case Audience.PORTS:
                return Reach(audience=self.audience, address=self.address)
            case Audience.DOMAIN:
                return Reach(audience=self.audience, site=self.site, previews=self.previews, proxy=self.proxy)
        return Reach()
