"""Identifiers that sort by the time they were made."""

import os
import secrets
import time
from uuid import UUID

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


def uuid7() -> UUID:
    """Make a version 7 UUID (RFC 9562): 48 bits of milliseconds, then chance."""
    milliseconds = time.time_ns() // 1_000_000
    chance = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | chance
    value = value & ~(0xF << 76) | (0x7 << 76)
    value = value & ~(0x3 << 62) | (0x2 << 62)
    return UUID(int=value)


def prefixed(prefix: str) -> str:
    """Make an id such as `app_` and 26 sortable Crockford characters."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    letters = []
    for _ in range(26):
        value, digit = divmod(value, 32)
        letters.append(_CROCKFORD[digit])
    return f"{prefix}_{''.join(reversed(letters))}"


def object_id() -> str:
    """Make an id of 24 hexadecimal digits that sorts by the second it was made in."""
    return f"{int(time.time()):08x}{os.urandom(8).hex()}"


def token(size: int = 32) -> str:
    """Make a secret that stands in a link or a header, URL-safe."""
    return secrets.token_urlsafe(size)
