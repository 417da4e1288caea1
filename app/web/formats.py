"""How times, lengths and people are written on a page; what the components need beyond Jinja's own."""

from datetime import UTC, datetime, tzinfo
from hashlib import blake2b
from zoneinfo import ZoneInfo

from flask import g
from flask.sansio.app import App
from flask_babel import format_date, format_datetime, gettext, ngettext

from app.core.clock import now
from app.core.files import size_in_words
from app.web.icons import icon_shapes
from app.web.prose import prose

MINUTE, HOUR, DAY, WEEK = 60, 3600, 86400, 604800
TONES = 8


def init_app(app: App) -> None:
    """Give the templates their filters."""
    app.add_template_global(icon_shapes)
    for written in (ago, exactly, time_of_day, month, iso_time, duration, initials, face_tone, prose):
        app.add_template_filter(written)
    app.add_template_filter(size_in_words, "size")


def ago(moment: datetime) -> str:
    """Write how long ago a moment was, or how far ahead it is, in few words."""
    seconds = (now() - moment).total_seconds()
    if abs(seconds) >= WEEK:
        here = moment.astimezone(readers_zone())
        return str(format_date(here.date(), "d MMM" if here.year == now().year else "d MMM y"))
    if abs(seconds) < MINUTE:
        return str(gettext("just now") if seconds >= 0 else gettext("in a moment"))
    length = _rough(abs(seconds))
    return str(
        gettext("%(length)s ago", length=length) if seconds > 0 else gettext("in %(length)s", length=length)
    )


def _rough(seconds: float) -> str:
    if seconds < HOUR:
        return str(gettext("%(n)s min", n=int(seconds // MINUTE)))
    if seconds < DAY:
        return str(gettext("%(n)s h", n=int(seconds // HOUR)))
    days = int(seconds // DAY)
    return str(ngettext("%(num)s day", "%(num)s days", days))


def readers_zone() -> tzinfo:
    """Return the time zone that the reader chose; else UTC, which a script rewrites in the device's."""
    chosen = getattr(getattr(g.get("caller"), "user", None), "time_zone", "")
    return ZoneInfo(chosen) if chosen else UTC


def exactly(moment: datetime) -> str:
    """Write a moment in full, with its zone."""
    return moment.astimezone(readers_zone()).strftime("%Y-%m-%d %H:%M:%S %Z")


def time_of_day(moment: datetime) -> str:
    """Write when something was: the time, with the date where it is not today's."""
    zone = readers_zone()
    at, today = moment.astimezone(zone), now().astimezone(zone).date()
    return str(format_datetime(at, "HH:mm" if at.date() == today else "d MMM HH:mm", rebase=False))


def month(moment: datetime) -> str:
    """Write the month of a moment, as it stands in its own zone."""
    return str(format_datetime(moment, "MMMM y", rebase=False))


def iso_time(moment: datetime) -> str:
    """Write a moment for the datetime attribute."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def duration(seconds: float) -> str:
    """Write a length of time with its units."""
    if seconds < 10:  # noqa: PLR2004 - below ten seconds the tenth matters
        return f"{seconds:.1f} s"
    if seconds < MINUTE:
        return f"{seconds:.0f} s"
    whole = round(seconds)
    if whole < HOUR:
        minutes, rest = divmod(whole, MINUTE)
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, rest = divmod(whole, HOUR)
    minutes = rest // MINUTE
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def initials(name: str) -> str:
    """Return one or two letters that stand for a person or a place."""
    words = [word for word in name.replace(".", " ").replace("@", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def face_tone(name: str) -> int:
    """Return which of the eight avatar tones is this person's, always the same one."""
    return blake2b(name.encode(), digest_size=1).digest()[0] % TONES + 1
