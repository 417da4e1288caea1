"""Follows the links of a site from its first page, from inside a sandbox, and writes down which lead nowhere.

Runs by itself with nothing but the standard library: what it reads was written by anybody.
"""

import contextlib
import http.client
import json
import sys
import time
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

PLACES = {"a": "href", "area": "href", "link": "href", "img": "src", "script": "src", "iframe": "src"}
LONGEST = 512 * 1024
MOST_BROKEN = 20
MOST_TURNS = 5
WRONG = 400
ASKS_WHO = {401, 403}


class Links(HTMLParser):
    """Collects where a page leads."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "link" and "stylesheet" not in (told.get("rel") or "").lower():
            return
        target = told.get(PLACES.get(tag, "")) or ""
        if target.strip():
            self.found.append(target.strip())


class Walk:
    """One walk through a site, never off it."""

    def __init__(self, address: str, proxy: int, most: int, seconds: float) -> None:
        self.address, self.proxy, self.most = address, proxy, most
        self.host = urlsplit(address).netloc.lower()
        self.until = time.monotonic() + seconds
        self.looked, self.is_cut = 0, False
        self.broken: list[dict[str, str]] = []

    def go(self) -> None:
        """Look at each address once, the nearest first."""
        ahead = [(self.address, "")]
        known = {self.address}
        while ahead:
            if self.looked >= self.most or time.monotonic() > self.until:
                self.is_cut = True
                return
            address, origin = ahead.pop(0)
            for found in self.look(address, origin):
                if found not in known:
                    known.add(found)
                    ahead.append((found, address))

    def look(self, address: str, origin: str) -> list[str]:
        """Ask for one address; returns where it leads on this site."""
        self.looked += 1
        try:
            status, kind, body, landed = self.fetch(address)
        except (OSError, http.client.HTTPException, ValueError) as trouble:
            self.note(address, origin, f"no answer ({type(trouble).__name__})")
            return []
        if landed is None:
            return []  # it led off this site
        if status >= WRONG and status not in ASKS_WHO:
            self.note(address, origin, str(status))
            return []
        if not kind.startswith("text/html"):
            return []
        page = Links()
        with contextlib.suppress(Exception):  # what came before the nonsense counts
            page.feed(body.decode("utf-8", "replace"))
        return [found for each in page.found if (found := self.inside(landed, each))]

    def fetch(self, address: str) -> "tuple[int, str, bytes, str | None]":
        for _ in range(MOST_TURNS):
            connection = http.client.HTTPConnection("127.0.0.1", self.proxy, timeout=5)
            with contextlib.closing(connection):
                connection.request(
                    "GET", address, headers={"Accept": "text/html,*/*", "User-Agent": "Greenroom"}
                )
                answer = connection.getresponse()
                target = answer.getheader("Location")
                if answer.status not in {301, 302, 303, 307, 308} or not target:
                    return answer.status, answer.getheader("Content-Type", ""), answer.read(LONGEST), address
            turned = self.inside(address, target)
            if turned is None:
                return answer.status, "", b"", None
            address = turned
        raise ValueError("it leads round and round")

    def inside(self, page: str, target: str) -> "str | None":
        """Return an address on this site without its fragment, or None."""
        with contextlib.suppress(ValueError):
            parts = urlsplit(urljoin(page, target))
            fits = parts.scheme in {"http", "https"} and parts.netloc.lower() == self.host
            if fits and not parts.path.startswith("/.greenroom/"):
                written = parts._replace(
                    scheme=urlsplit(self.address).scheme, fragment="", path=parts.path or "/"
                )
                return written.geturl().encode("ascii", "ignore").decode().replace(" ", "%20")
        return None

    def note(self, address: str, origin: str, why: str) -> None:
        if len(self.broken) < MOST_BROKEN:
            self.broken.append({"link": self.short(address), "page": self.short(origin), "why": why})

    def short(self, address: str) -> str:
        parts = urlsplit(address)
        return f"{parts.path}{'?' + parts.query if parts.query else ''}"[:200]


def main() -> None:
    """Walk as told, and write what was found after each step is over."""
    told = json.loads(sys.argv[1])
    walk = Walk(told["address"], told["proxy"], told["most"], told["seconds"])
    walk.go()
    with open("report.json", "w", encoding="utf-8") as file:  # noqa: PTH123
        json.dump({"looked": walk.looked, "broken": walk.broken, "isCut": walk.is_cut}, file)


if __name__ == "__main__":
    main()
