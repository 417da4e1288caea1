"""The board page as a signed-in person gets it, with a thousand and with ten thousand requests on it."""

import re
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from http.cookiejar import CookieJar

from app.accounts.models import User
from app.config import Settings
from app.core.db import session
from app.factory import create_app
from app.projects.models import Project
from tests.benchmarks.measures.figure import Figure, p95, times
from tests.support.crowd import fill_board
from tests.support.installation import PASSWORD, Installation

ROUNDS = 100
FULL = 100  # cards on the first page of a full board


def thousand(here: Installation) -> Figure:
    """Measure a board of a thousand requests."""
    return _board(here, 1_000, 0.1)


def ten_thousand(here: Installation) -> Figure:
    """Measure a board of ten thousand requests."""
    return _board(here, 10_000, 0.15)


def _board(here: Installation, count: int, most: float) -> Figure:
    board, read = filled(here, count)
    shown = set(re.findall(rf'{board}/requests/(\d+)"', read(board)))
    assert len(shown) >= FULL, f"the board shows {len(shown)} requests"
    name = f"board page with {count:,} requests, 95th percentile"
    return beside_profile(name, read, board, most)


def filled(here: Installation, count: int) -> tuple[str, Callable[[str], str]]:
    """Make a board of so many requests; returns its address, and a way to read pages as somebody who sees it."""
    me = here.get("/api/users/me").data
    organization = me["organizations"][0]
    body = {"organizationId": organization["id"], "name": f"Board of {count}", "starter": "static"}
    project = here.post("/api/admin/projects", body).data
    with create_app(Settings.from_environment(here.environment)).app_context():
        place = session.query(Project).filter_by(slug=project["slug"]).one()
        fill_board(place, by=session.query(User).filter_by(email=me["email"]).one(), count=count)
    return f"/{organization['slug']}/{project['slug']}", sign_in(here, me["email"])


def beside_profile(name: str, read: Callable[[str], str], path: str, most: float) -> Figure:
    """Read a page and the profile in turns."""
    ours, bare = [], []
    for _ in range(ROUNDS):
        ours.append(_seconds(read, path))
        bare.append(_seconds(read, "/profile"))
    return times(name, p95(ours), p95(bare), "the profile page, same shell", most)


def sign_in(here: Installation, email: str) -> Callable[[str], str]:
    """Sign in through the form; returns a way to read pages."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    opener.addheaders = [("Origin", here.url), ("Accept", "text/html")]

    def read(path: str, form: dict[str, str] | None = None) -> str:
        data = urllib.parse.urlencode(form).encode() if form else None
        with opener.open(f"{here.url}{path}", data, timeout=60) as answer:
            text: str = answer.read().decode()
            return text

    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', read("/sign-in"))
    assert token is not None
    read("/sign-in", {"csrf_token": token[1], "email": email, "password": PASSWORD})
    return read


def _seconds(read: Callable[[str], str], path: str) -> float:
    begin = time.perf_counter()
    read(path)
    return time.perf_counter() - begin
