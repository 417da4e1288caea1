"""Opens a page in Chromium, from inside a sandbox: two pictures, and what the console said.

Runs by itself with nothing but the standard library, and speaks to the browser over its DevTools pipe.
"""

import base64
import contextlib
import fcntl
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

COMMANDS, ANSWERS = 3, 4  # where Chromium expects its pipe
LOAD_SECONDS = 12.0
QUIET_SECONDS = 0.7
CALM_SECONDS = 3.0
MOST_KEPT = 20
LONGEST = 300
WINDOWS = {"desktop": (1280, 800), "phone": (360, 740)}


class Broken(Exception):
    """The browser is gone, or says nothing sensible."""


class Chromium:
    """One browser, and the pipe to it."""

    def __init__(self, program: str, flags: list[str]) -> None:
        pipes = [
            fcntl.fcntl(each, fcntl.F_DUPFD_CLOEXEC, 20) for pair in (os.pipe(), os.pipe()) for each in pair
        ]
        their_in, self.out, self.back, their_out = pipes[0], pipes[1], pipes[2], pipes[3]

        def hand_over() -> None:
            os.dup2(their_in, COMMANDS)
            os.dup2(their_out, ANSWERS)

        self.process = subprocess.Popen(
            [program, *flags],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            close_fds=False,
            preexec_fn=hand_over,  # noqa: PLW1509 - there is one thread
        )
        os.close(their_in)
        os.close(their_out)
        self.last, self.session, self.pending = 0, "", b""
        self.hear: Callable[[Any], None] = lambda _: None

    def ask(self, method: str, seconds: float = 10.0, **told: Any) -> Any:
        """Put one command and wait for its answer; what happens meanwhile is heard."""
        number = self.send(method, **told)
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            message = self.read(left)
            if message is not None and message.get("id") == number:
                if "error" in message:
                    raise Broken(f"{method}: {message['error'].get('message')}")
                return message.get("result", {})
        raise Broken(f"{method}: no answer")

    def send(self, method: str, **told: Any) -> int:
        self.last += 1
        command = {"id": self.last, "method": method, "params": told}
        if self.session:
            command["sessionId"] = self.session
        with contextlib.suppress(BrokenPipeError):
            os.write(self.out, json.dumps(command).encode() + b"\0")
        return self.last

    def read(self, seconds: float) -> Any:
        """Return the next message, or None when there is none in time; an event is heard, too."""
        until = time.monotonic() + seconds
        while b"\0" not in self.pending:
            left = until - time.monotonic()
            if left <= 0 or not select.select([self.back], [], [], left)[0]:
                return None
            data = os.read(self.back, 1 << 20)
            if not data:
                raise Broken("the browser is gone")
            self.pending += data
        line, _, self.pending = self.pending.partition(b"\0")
        message = json.loads(line)
        if "method" in message:
            self.hear(message)
        return message

    def end(self) -> None:
        self.process.kill()
        self.process.wait()


class Visit:
    """What one visit finds: what was said, what was wanted from elsewhere."""

    def __init__(self, browser: Chromium, address: str) -> None:
        self.browser, self.address = browser, address
        self.host = urlsplit(address).netloc.lower()
        self.said: list[dict[str, str]] = []
        self.elsewhere: list[str] = []
        self.requests: dict[str, str] = {}
        self.pending: set[str] = set()
        self.is_loaded = False
        self.heard_at = 0.0
        browser.hear = self.hear

    def hear(self, message: Any) -> None:
        """Take in one event."""
        told, name = message.get("params", {}), message["method"]
        self.heard_at = time.monotonic()
        if name == "Page.loadEventFired":
            self.is_loaded = True
        elif name == "Page.javascriptDialogOpening":
            self.browser.send("Page.handleJavaScriptDialog", accept=False)
        elif name == "Network.requestWillBeSent":
            self.requests[told["requestId"]] = told["request"]["url"]
            self.pending.add(told["requestId"])
            self.meet(told["request"]["url"])
        elif name in {"Network.loadingFinished", "Network.loadingFailed"}:
            self.pending.discard(told["requestId"])
        elif name == "Runtime.consoleAPICalled" and told.get("type") in {"error", "assert"}:
            words = " ".join(
                str(each.get("value", each.get("description", ""))) for each in told.get("args", [])
            )
            self.keep(words, _top(told.get("stackTrace")))
        elif name == "Runtime.exceptionThrown":
            details = told["exceptionDetails"]
            words = (details.get("exception") or {}).get("description") or details.get("text", "")
            self.keep(words.split("\n")[0], _place(details.get("url"), details.get("lineNumber")))
        elif name == "Log.entryAdded" and told["entry"].get("level") == "error":
            self.complain(told["entry"])

    def complain(self, entry: Any) -> None:
        """Keep what the browser itself complains of, unless it is of our making."""
        url = entry.get("url", "")
        if entry.get("source") == "network":
            if url and not self.is_own(url):
                return  # it was kept from going there
            if urlsplit(url).path == "/favicon.ico":
                return  # browsers ask for it unasked
        self.keep(entry.get("text", ""), _place(url, entry.get("lineNumber")))

    def is_own(self, url: str) -> bool:
        parts = urlsplit(url)
        is_here = parts.scheme in {"http", "ws"} and parts.netloc.lower() == self.host
        return is_here or parts.scheme in {"data", "blob", "about"}

    def meet(self, url: str) -> None:
        place = urlsplit(url).netloc
        if not self.is_own(url) and place and place not in self.elsewhere and len(self.elsewhere) < MOST_KEPT:
            self.elsewhere.append(place[:100])

    def keep(self, words: str, where: str) -> None:
        entry = {"text": words[:LONGEST], "where": where}
        if entry not in self.said and len(self.said) < MOST_KEPT:
            self.said.append(entry)

    def open(self, width: int, height: int, *, is_phone: bool) -> None:
        """Open the page in a window of this size and let it come to rest."""
        ask = self.browser.ask
        ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=is_phone,
        )
        ask("Emulation.setTouchEmulationEnabled", enabled=is_phone)
        self.is_loaded, self.pending = False, set()
        found = ask("Page.navigate", url=self.address, seconds=LOAD_SECONDS)
        if found.get("errorText"):
            raise Broken(found["errorText"])
        until = time.monotonic() + LOAD_SECONDS
        while not self.is_loaded and time.monotonic() < until:
            self.browser.read(until - time.monotonic())
        until = time.monotonic() + CALM_SECONDS
        while time.monotonic() < until:
            quiet = self.browser.read(QUIET_SECONDS) is None
            if quiet and not self.pending:
                return

    def picture(self, name: str) -> None:
        shot = self.browser.ask("Page.captureScreenshot", format="webp", quality=70)
        with open(f"{name}.webp", "wb") as file:  # noqa: PTH123
            file.write(base64.b64decode(shot["data"]))

    def width(self) -> int:
        wanted = "document.documentElement ? document.documentElement.scrollWidth : 0"
        return int(self.browser.ask("Runtime.evaluate", expression=wanted)["result"].get("value") or 0)


def _top(trace: Any) -> str:
    frames = (trace or {}).get("callFrames") or [{}]
    return _place(frames[0].get("url"), frames[0].get("lineNumber"))


def _place(url: "str | None", line: "int | None") -> str:
    if not url:
        return ""
    return f"{urlsplit(url).path or url}{f':{line + 1}' if line is not None else ''}"[:200]


def flags(told: Any) -> list[str]:
    """Return how Chromium is started: small, quiet, and with one way out."""
    off = "Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider,InterestFeedContentSuggestions"
    return [
        "--headless",
        "--no-sandbox",  # it stands inside ours, which gives nobody a namespace of their own
        "--disable-gpu",
        "--remote-debugging-pipe",
        "--user-data-dir=/tmp/browser",
        f"--proxy-server=http://127.0.0.1:{told['proxy']}",
        "--proxy-bypass-list=<-loopback>",
        f"--unsafely-treat-insecure-origin-as-secure={told['origin']}",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-breakpad",
        "--disable-component-update",
        "--disable-default-apps",
        "--disable-dev-shm-usage",
        "--disable-extensions",
        "--disable-sync",
        f"--disable-features={off}",
        "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
        "--hide-scrollbars",
        "--js-flags=--max-old-space-size=192",
        "--mute-audio",
        "--no-pings",
        "--renderer-process-limit=1",
        "about:blank",
    ]


def look(told: Any, report: Any) -> None:
    """Open the page at both sizes; the report grows as it goes."""
    browser = Chromium(told["browser"], flags(told))
    try:
        target = browser.ask("Target.createTarget", url="about:blank", seconds=20.0)["targetId"]
        browser.session = browser.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        visit = Visit(browser, told["address"])
        for domain in ("Page", "Runtime", "Log", "Network"):
            browser.ask(f"{domain}.enable")
        report.update(said=visit.said, elsewhere=visit.elsewhere)
        for name, (width, height) in WINDOWS.items():
            visit.open(width, height, is_phone=name == "phone")
            visit.picture(name)
            report["widths"][name] = visit.width()
            write(report)
    finally:
        browser.end()


def write(report: Any) -> None:
    with open("report.json", "w", encoding="utf-8") as file:  # noqa: PTH123
        json.dump(report, file)


def main() -> None:
    """Look as told; what was seen until something broke is written, too."""
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    report: dict[str, Any] = {"said": [], "elsewhere": [], "widths": {}, "trouble": ""}
    try:
        look(json.loads(sys.argv[1]), report)
    except (Broken, OSError, ValueError, KeyError) as trouble:
        report["trouble"] = str(trouble)[:LONGEST]
    write(report)


if __name__ == "__main__":
    main()
