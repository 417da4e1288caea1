"""What a machine can tell of a preview: it starts, it answers, its links work, and what a browser says.

Each check passed, failed or was not made; what was not made says why, and is never guessed.
"""

import contextlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from app.core.errors import Failed
from app.core.installation import installation
from app.engine import looking

PHONE = 360
NOT_REACHED = 400
NAMES = ("starts", "answers", "links", "console", "phone", "picture")
Cancelled = Callable[[], bool]
Keep = Callable[[str, bytes], None]


class Outcome(StrEnum):
    """How a check came out."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at, what came of it, and what there is to know about it."""

    name: str
    outcome: Outcome
    words: str
    details: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def passed(name: str, words: str, *details: str) -> Check:
    return Check(name, Outcome.PASSED, words, list(details))


def failed(name: str, words: str, *details: str) -> Check:
    return Check(name, Outcome.FAILED, words, list(details))


def not_checked(name: str, words: str, *details: str) -> Check:
    return Check(name, Outcome.NOT_CHECKED, f"Not checked: {words}", list(details))


def none_of_them(reason: str) -> list[Check]:
    """Say of every check that it was not made."""
    return [not_checked(name, reason) for name in NAMES]


def look_at(
    label: str, folder: Path, *, seconds: float | None, keep: Keep, cancelled: Cancelled
) -> list[Check]:
    """Look at what is served under a host label; `keep` takes the pictures.

    `seconds` is how long its process took to be ready, where it has one.
    """
    address = f"http://{label}.{installation().preview_domain}"
    started = passed(
        "starts",
        "Its files are there; nothing has to be started."
        if seconds is None
        else f"It starts; it was ready after {seconds:.0f} s.",
    )
    answers = _ask(address)
    if answers.outcome is not Outcome.PASSED:
        reason = "there is no answer to look at." if answers.outcome is Outcome.FAILED else "see above."
        return [started, answers, *(not_checked(name, reason) for name in NAMES[2:])]
    with _room(folder):
        links = _follow(address, folder, cancelled)
        seen = _open(address, folder, keep, cancelled)
    return [started, answers, links, *seen]


@contextmanager
def _room(folder: Path) -> Iterator[None]:
    """Make an empty folder for what looks, and take it away afterwards."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _ask(address: str) -> Check:
    try:
        answered = looking.ask(address)
    except Failed as trouble:
        if trouble.code == "no_answer":
            return failed("answers", trouble.message)
        return not_checked("answers", trouble.message)
    if answered.status >= NOT_REACHED:
        return failed("answers", f"It answers with {answered.status}.")
    return passed("answers", f"It answers with {answered.status} within {answered.milliseconds} ms.")


def _follow(address: str, folder: Path, cancelled: Cancelled) -> Check:
    try:
        found = looking.follow_links(address, folder, cancelled=cancelled)
    except Failed as trouble:
        return not_checked("links", trouble.message)
    if found.broken:
        wrong = [
            f"{each.link} ({each.why}){f', on {each.page}' if each.page else ''}" for each in found.broken
        ]
        return failed("links", f"{len(found.broken)} of {found.looked} addresses lead nowhere.", *wrong)
    if found.is_cut:
        return passed("links", f"The first {found.looked} addresses on it work; the others were not tried.")
    if found.looked <= 1:
        return passed("links", "Its first page leads nowhere else on this site.")
    return passed("links", f"All {found.looked} addresses on it work.")


def _open(address: str, folder: Path, keep: Keep, cancelled: Cancelled) -> list[Check]:
    """Open it in a browser, where there is one."""
    browser = looking.find_browser()
    if browser is None:
        return [not_checked(name, "no browser on this server.") for name in NAMES[3:]]
    try:
        opened = looking.open_in_browser(address, folder, browser=browser, cancelled=cancelled)
    except Failed as trouble:
        return [not_checked(name, trouble.message) for name in NAMES[3:]]
    for name, data in opened.pictures.items():
        keep(name, data)
    return [_console(opened), _phone(opened), _picture(opened)]


def _console(opened: looking.Opened) -> Check:
    elsewhere = [f"Not opened from here: {place}" for place in opened.elsewhere]
    if not opened.widths:
        return not_checked("console", opened.trouble or "the page did not open.")
    if not opened.said:
        return passed("console", "The browser has nothing to complain of.", *elsewhere)
    if elsewhere:
        words = "it wants parts from elsewhere, which are not opened here; complaints may come from that."
        return not_checked("console", words, *opened.said, *elsewhere)
    complaints = "1 complaint" if len(opened.said) == 1 else f"{len(opened.said)} complaints"
    return failed("console", f"The browser has {complaints}.", *opened.said)


def _phone(opened: looking.Opened) -> Check:
    wide = opened.widths.get("phone")
    if wide is None:
        return not_checked("phone", opened.trouble or "the page did not open.")
    if wide > PHONE:
        return failed("phone", f"On a phone of {PHONE} pixels it is {wide} wide, and scrolls sideways.")
    return passed("phone", "It fits on a phone.")


def _picture(opened: looking.Opened) -> Check:
    if not opened.pictures:
        return not_checked("picture", opened.trouble or "the browser gave no picture.")
    return passed("picture", "There is a picture of it.")


def picture_path(name: str, window: str) -> Path:
    """Return where a preview's picture is kept."""
    return installation().folder("pictures") / f"{name}-{window}.webp"


def forget_pictures(name: str) -> None:
    """Take the pictures of a preview away."""
    for window in ("desktop", "phone"):
        with contextlib.suppress(FileNotFoundError):
            picture_path(name, window).unlink()
