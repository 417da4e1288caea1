"""Pointing: a script for one person who points at what should change, in the pages of what runs.

It comes only to whoever carries the pass that the main site's hand-over left, and it has no authority: what
was pointed at goes to the main site as text, and only there anything can come of it.
"""

import zlib
from html import escape
from pathlib import Path

from aiohttp import web
from multidict import CIMultiDict

SCRIPT_PATH = "/.greenroom/pointing.js"
END_PATH = "/.greenroom/pointing/end"
SCRIPT = (Path(__file__).parent / "pointing.js").read_bytes()
SCRIPT_ETAG = f'"{zlib.crc32(SCRIPT):08x}"'

_GOAL = web.RequestKey("greenroom.pointing", str)


def turn_on(request: web.BaseRequest, goal: str) -> None:
    """Note for this one request that whoever asks is pointing; `goal` is the page that takes it over."""
    request[_GOAL] = goal


def goal_of(request: web.BaseRequest) -> str:
    """Return where what is pointed at goes to; nothing where nobody points."""
    goal: str = request.get(_GOAL, "")
    return goal


def tag(goal: str, nonce: str | None = None) -> bytes:
    """Return the script tag, its data as attributes."""
    allowed = f' nonce="{nonce}"' if nonce else ""
    return f'\n<script src="{SCRIPT_PATH}" defer{allowed} data-goal="{escape(goal)}"></script>\n'.encode()


def ask_afresh(headers: CIMultiDict[str]) -> None:
    """Ask upstream for the page itself, whatever the browser remembers of it."""
    headers.popall("If-None-Match", None)


def keep_nowhere(headers: CIMultiDict[str]) -> None:
    """Let nobody keep a page that carries the script."""
    for name in ("ETag", "Last-Modified", "Expires"):
        headers.popall(name, None)
    headers["Cache-Control"] = "no-store"
