"""What the design page shows in its components: one small invented team and its requests."""

from datetime import timedelta
from types import SimpleNamespace as Sample
from typing import Any

from app.core.clock import now

TONES = ("neutral", "running", "waiting", "ready", "failed")
LOG = """Plan: static site, because there is an index.html and no package.json
Checked out 4f1c9ab into a folder of its own
Nothing to install
Copied 14 files, 212 kB
Health check: GET / answered 200 after 0.4 s
Ready
"""


def everything() -> dict[str, Any]:
    """Return the whole context of the design page."""
    return {
        "nav": navigation(),
        "current_user": Sample(name="Ada Lovelace", email="ada@example.org", is_admin=True),
        "columns": columns(),
        "steps": steps(),
        "failed_steps": failed_steps(),
        "diff": difference(),
        "reacted": [
            Sample(
                kind=Sample(value="thumbs_up", emoji="👍"), people=[(1, "Bob Kahn"), (2, "Eve Park")], count=2
            )
        ],
        "tones": TONES,
        "log": LOG,
        "form": Sample(values={"email": "ada@", "title": "", "about": "Two lines\nof text"}, errors={}),
        "wrong_form": Sample(
            values={"email": "ada@", "title": ""},
            errors={"email": "This is no e-mail address yet.", "title": "Say in a few words what you need."},
        ),
        "moments": {
            "now": now(),
            "minutes": now() - timedelta(minutes=12),
            "hours": now() - timedelta(hours=5),
            "days": now() - timedelta(days=3),
            "long": now() - timedelta(days=190),
            "soon": now() + timedelta(hours=6),
        },
    }


def navigation() -> Sample:
    """Return what the shell shows around the page."""
    entries = [
        ("Home", "house", 2),
        ("Board", "square-kanban", 0),
        ("Apps", "box", 0),
        ("Members", "users", 0),
    ]
    return Sample(
        organization="Northwind",
        project="Website",
        places=[("Website", "#"), ("Shop", "#"), ("All projects", "#")],
        items=[
            Sample(label=label, url="#", icon=icon, current=label == "Board", count=count)
            for label, icon, count in entries
        ],
        crumbs=[("Northwind", "#"), ("Website", "#"), ("Design system", None)],
        needs_you=2,
        unread=3,
        new_url="#",
        search_url="#",
        inbox_url="#",
        profile_url="#",
        keys_url="#",
        admin_url="#",
        sign_out_url="#",
    )


def columns() -> list[Sample]:
    """Return a board with a card in every column."""
    asked, mine = now() - timedelta(hours=3), now() - timedelta(minutes=25)
    cards = {
        "draft": [
            card(
                20, "More light in the shop", guest="Gil Guest", turn="Take it over, or drop it", since=mine
            ),
            card(19, "Show opening hours on the contact page", type="feature", priority="low", waits="#17"),
        ],
        "interviewing": [
            card(
                18,
                "The newsletter form forgets what I typed",
                type="bug",
                priority="high",
                yours=True,
                turn="Your answer",
                since=mine,
                assignee="Ada Lovelace",
            ),
        ],
        "ready": [
            card(
                17,
                "Prices with and without tax",
                type="enhancement",
                turn="Waits for #15",
                since=asked,
                votes=7,
                steps=5,
                steps_done=2,
                place_url="#",
            )
        ],
        "in_development": [
            card(
                15,
                "A page for job offers that the office can fill in by itself, without calling us",
                type="feature",
                priority="urgent",
                turn="Being built",
                since=mine,
                preview="building",
                round=2,
                labels=[("office", "#7a5af0"), ("content", "#1f8f5f")],
                assignee="Bob Kahn",
            ),
        ],
        "in_review": [
            card(
                12,
                "Bigger headline on the start page",
                type="enhancement",
                priority="medium",
                yours=True,
                turn="Try it",
                since=asked,
                preview="ready",
                preview_url="#",
                assignee="Ada Lovelace",
            ),
            card(
                11,
                "Contact form in Dutch",
                type="feature",
                turn="Waits for Eve",
                since=asked,
                preview="failed",
            ),
        ],
        "merged": [card(9, "Footer names the right year", type="chore", priority="low", preview="asleep")],
    }
    heads = [
        ("draft", "Draft", "neutral", "circle-dashed"),
        ("interviewing", "Questions", "waiting", "message-circle-question-mark"),
        ("ready", "Ready to build", "neutral", "circle-dot"),
        ("in_development", "Being built", "running", "hammer"),
        ("in_review", "Ready to try", "ready", "play"),
        ("merged", "Live", "ready", "circle-check"),
    ]
    return [
        Sample(
            name=name,
            title=title,
            tone=tone,
            icon=icon,
            url="#board",
            cards=cards[name],
            count=len(cards[name]),
            limit=1 if name == "in_review" else None,
        )
        for name, title, tone, icon in heads
    ]


def card(number: int, title: str, **more: Any) -> Sample:
    """Return one request as the board draws it."""
    return Sample(
        number=number,
        title=title,
        url="#board",
        move_url="#",
        open_moves=["in_development"],
        **more,
    )


def steps() -> list[Sample]:
    """Return a preview that is on its way."""
    return [
        Sample(label="Waiting for its turn", state="done", elapsed=0.2),
        Sample(label="Fetching the files", state="done", elapsed=1.4, typical=1.2),
        Sample(
            label="Building", state="running", elapsed=9, typical=14, note="npm run build: transforming (312)"
        ),
        Sample(label="Starting", state="waiting", typical=2),
    ]


def failed_steps() -> list[Sample]:
    """Return a preview that did not get there."""
    return [
        Sample(label="Fetching the files", state="done", elapsed=1.1),
        Sample(label="Installing", state="failed", elapsed=31, note="flask==9.9 does not exist"),
        Sample(label="Starting", state="skipped"),
    ]


def difference() -> Sample:
    """Return a small change of two files."""
    lines = [
        _line(" ", 11, 11, '<main class="start">'),
        _line("-", 12, None, "  <h1>Welcome</h1>"),
        _line("+", None, 12, '  <h1 class="headline">Tea that arrives tomorrow</h1>'),
        _line("+", None, 13, "  <p>Order before four and it leaves our house the same day, in paper.</p>"),
        _line(" ", 13, 14, "</main>"),
    ]
    page = _file("index.html", "modified", additions=2, deletions=1, hunks=["@@ -11,3 +11,4 @@ <body>"])
    picture = _file("img/tea.webp", "added", binary=True)
    return Sample(
        path="#",
        may_comment=False,
        files=[
            Sample(
                file=page,
                key="a",
                is_loaded=True,
                groups=[(page.hunks[0], lines)],
                elsewhere=[],
                open_threads=0,
            ),
            Sample(file=picture, key="b", is_loaded=True, groups=[], elsewhere=[], open_threads=0),
        ],
    )


def _file(
    path: str,
    status: str,
    *,
    additions: int = 0,
    deletions: int = 0,
    binary: bool = False,
    hunks: list[str] | None = None,
) -> Sample:
    return Sample(
        path=path,
        old_path=None,
        status=status,
        additions=additions,
        deletions=deletions,
        binary=binary,
        hunks=hunks or [],
        truncated=False,
    )


def _line(kind: str, old: int | None, new: int | None, text: str) -> Sample:
    return Sample(kind=kind, old=old, new=new, html=text, at="", threads=[], is_asked=False)
