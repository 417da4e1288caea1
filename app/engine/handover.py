"""The signed hand-over from the main site to a preview's host name, and the cookie it turns into there.

Small on purpose: the gateway imports it, and the gateway carries neither database nor web framework.
"""

import time
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from app.core.ids import token as chance
from app.core.secrets import sign, verify

COOKIE = "gr_preview"
POINTING_COOKIE = f"{COOKIE}_pointing"  # whatever begins like the other is kept from apps
TOKEN_SECONDS = 60
COOKIE_SECONDS = 8 * 3600
POINTING_SECONDS = 3600
GUEST_SECONDS = 7 * 86_400

_TOKEN = "preview hand-over"  # noqa: S105 - the name of a purpose, not a secret
_COOKIE = "preview cookie"
_POINTING = "pointing cookie"


@dataclass(frozen=True, slots=True)
class Pass:
    """Who may look at one label, and on the strength of which project.

    `points_for` is the path of the request, on the main site, for which they point at what should change.
    """

    label: str
    user_id: str
    project_id: str
    expires_at: float
    issued_at: float = 0
    serial: str = ""
    points_for: str = ""
    link_id: str = ""  # of a guest: the share link, instead of a person


def issue(label: str, user_id: UUID | str, project_id: UUID | str, *, points_for: str = "") -> str:
    """Make the token that carries a signed-in person from the main site to `label`: 60 s, to be used once."""
    claims = {"l": label, "u": str(user_id), "p": str(project_id), "at": time.time(), "jti": chance(12)}
    if points_for:
        claims["pt"] = points_for
    return sign(_TOKEN, claims, seconds=TOKEN_SECONDS)


def entrance(address: str, token: str, path: str) -> str:
    """Return where, below a preview's own address, a token turns into its cookie."""
    goal = path if path.startswith("/") and not path.startswith("//") else "/"
    query = urlencode({"token": token, "next": goal})
    return f"{address}/.greenroom/enter?{query}"


def read_token(token: str, label: str) -> Pass | None:
    """Return what a token says, if it is ours, fresh and for `label`; once only is the gateway's part."""
    return _read(_TOKEN, token, label)


def make_cookie(who: Pass) -> str:
    """Make the value of the cookie that a hand-over leaves on the preview's own host."""
    return sign(_COOKIE, {"l": who.label, "u": who.user_id, "p": who.project_id}, seconds=COOKIE_SECONDS)


def share_entrance(address: str, secret: str) -> str:
    """Return where, below a preview's own address, a share link turns into a guest's cookie."""
    return f"{address}/.greenroom/share?{urlencode({'link': secret})}"


def make_guest_cookie(label: str, link_id: str, project_id: str, *, seconds: int) -> str:
    """Make the value of the cookie that a share link leaves on the preview's own host."""
    claims = {"l": label, "u": "", "p": project_id, "s": link_id}
    return sign(_COOKIE, claims, seconds=min(seconds, GUEST_SECONDS))


def read_cookie(value: str, label: str) -> Pass | None:
    """Return what a cookie says, if it is ours, fresh and made for `label`."""
    return _read(_COOKIE, value, label)


def make_pointing_cookie(who: Pass) -> str:
    """Make the value of the cookie that lets one person, on this host alone, point at what should change."""
    claims = {"l": who.label, "u": who.user_id, "p": who.project_id, "pt": who.points_for}
    return sign(_POINTING, claims, seconds=POINTING_SECONDS)


def read_pointing_cookie(value: str, label: str) -> Pass | None:
    """Return who points at what is at `label`, and for which request."""
    return _read(_POINTING, value, label)


def _read(purpose: str, signed: str, label: str) -> Pass | None:
    claims = verify(purpose, signed)
    if claims is None or claims["l"] != label:
        return None
    return Pass(
        label=label,
        user_id=claims["u"],
        project_id=claims["p"],
        expires_at=claims["exp"],
        issued_at=claims.get("at", 0),
        serial=claims.get("jti", ""),
        points_for=claims.get("pt", ""),
        link_id=claims.get("s", ""),
    )
