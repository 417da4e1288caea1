"""Scenarios for what does not work, and for upkeep that nobody should notice."""

from app.core.gherkin import one_line
from app.interviews.interviewer.phrases import Phrases
from app.interviews.interviewer.scenario import Scenario
from app.interviews.interviewer.settled import Settled
from app.interviews.interviewer.wording import clause, names, quoted

_MOST_PAGES = 4


def repaired(settled: Settled, say: Phrases) -> list[Scenario]:
    """It works where it failed, each time, and still everywhere else."""
    device = settled.value("device")
    works = [
        *say.given_and_when(device),
        f"Then {say.expected()}",
        f"And this no longer happens: {say.actual()}",
    ]
    facts = settled.answered("page", "action", "actual", "expected", "device")
    scenarios = [Scenario(say.repaired_title(), works, facts)]
    if settled.value("often") not in {"always", "once"}:
        again = [*say.given_and_when(device, times="five times in a row"), "Then it works each time"]
        scenarios.append(Scenario("It works every time", again, settled.answered("often")))
    if device in {"phone", "tablet", "computer"}:
        other = "phone" if device == "computer" else "computer"
        steps = [*say.given_and_when(other), "Then it works there just as well"]
        scenarios.append(Scenario("It still works elsewhere", steps, settled.answered("device")))
    return scenarios


def kept_up(settled: Settled, say: Phrases) -> list[Scenario]:
    """The work is done, and visitors notice what they may notice."""
    looks = f"When a developer looks at {_area(settled)}"
    done = Scenario(
        "The work is done",
        ["Given the app with this change", looks, f"Then {_done(settled, say)}"],
        settled.answered("area", "done"),
    )
    notice = settled.value("notice")
    title, seen = {
        "nothing": ("Visitors notice nothing", "all of it looks and works as it did before"),
        "as_described": (
            "Visitors notice only what was asked for",
            f"this is all that has changed: {say.asked_for()}",
        ),
    }.get(notice) or ("What visitors notice", f"this is all that has changed: {clause(notice)}")
    steps = ["Given the app with this change", f"When {_visit(settled)}", f"Then {seen}"]
    return [done, Scenario(title, steps, settled.answered("notice"))]


def _visit(settled: Settled) -> str:
    pages = [quoted(page.name, 60) for page in settled.outline.pages[:_MOST_PAGES]]
    if not pages:
        return "somebody uses it"
    return f"a visitor opens the {'page' if len(pages) == 1 else 'pages'} {names(pages)}"


def _area(settled: Settled) -> str:
    area, outline = settled.value("area"), settled.outline
    files = {"packages": outline.manifests[:2], "styles": outline.styles[:1]}.get(area, [])
    where = {
        "packages": "the packages it is built on",
        "styles": "how it is styled",
        "pages": "the pages",
        "tidy": "the code",
        "docs": "the documentation",
        "tests": "the tests",
        "": "it",
    }.get(area) or one_line(area, 160)
    return f"{where} ({', '.join(one_line(file, 100) for file in files)})" if files else where


def _done(settled: Settled, say: Phrases) -> str:
    done = settled.value("done")
    return {
        "versions": "the new versions are in use and everything starts",
        "starts": "the app starts without warnings",
        "gone": "what is no longer needed is gone",
        "one_place": "each thing is in one place only",
        "reads": "a newcomer can follow it step by step",
        "pass": "all tests pass",
        "covers": "what was untested is tested",
        "same_look": "the pages look the same, with simpler styles",
        "as_titled": f"this is done: {say.asked_for()}",
    }.get(done) or clause(done)
