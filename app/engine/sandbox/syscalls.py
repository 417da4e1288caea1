"""Doors of the kernel that no app needs and that broken walls are reached through: closed for all work."""

import errno
import platform
import struct

_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16  # where they stand in what a filter is given
_ALLOW, _REFUSE = 0x7FFF_0000, 0x0005_0000
_NEW_USER = 0x1000_0000  # of clone and unshare: a user namespace, in which everybody is root
_X32 = 0x4000_0000

# Mounting, namespaces, keys, programs in the kernel, rings: by the numbers of each architecture.
_SAME = [425, 428, 429, 430, 431, 432, 433, 442]
_KNOWN = {
    "x86_64": (0xC000_003E, 56, 272, [155, 165, 166, 248, 249, 250, 298, 304, 308, 321, 323, *_SAME]),
    "aarch64": (0xC000_00B7, 220, 97, [39, 40, 41, 217, 218, 219, 241, 265, 268, 280, 282, *_SAME]),
}
_CLONE3 = 435  # its flags lie in memory, where a filter cannot look; C libraries fall back to clone


def program() -> bytes | None:
    """Return the filter for this machine as the kernel reads it; None where its numbers are not known."""
    known = _KNOWN.get(platform.machine())
    if known is None:
        return None
    architecture, clone, unshare, closed = known
    refuse, absent = _REFUSE | errno.EPERM, _REFUSE | errno.ENOSYS
    steps = [
        _step(_LOAD, _ARCHITECTURE),
        _step(_JUMP_EQUAL, architecture, yes=1),
        _step(_RETURN, absent),
        _step(_LOAD, _NUMBER),
        _step(_JUMP_AT_LEAST, _X32, no=1),
        _step(_RETURN, absent),
        _step(_JUMP_EQUAL, _CLONE3, no=1),
        _step(_RETURN, absent),
    ]
    for number in closed:
        steps += [_step(_JUMP_EQUAL, number, no=1), _step(_RETURN, refuse)]
    steps += [
        _step(_JUMP_EQUAL, clone, yes=2),
        _step(_JUMP_EQUAL, unshare, yes=1),
        _step(_RETURN, _ALLOW),
        _step(_LOAD, _FIRST_ARGUMENT),
        _step(_JUMP_ANY_BIT, _NEW_USER, no=1),
        _step(_RETURN, refuse),
        _step(_RETURN, _ALLOW),
    ]
    return b"".join(steps)


def _step(code: int, value: int, *, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("=HBBI", code, yes, no, value)
