"""Scenarios in plain English from the settled facts of a request."""

from dataclasses import dataclass, field

from app.core.gherkin import one_line
from app.interviews.interviewer.phrases import Phrases
from app.interviews.interviewer.settled import Settled
from app.interviews.interviewer.wording import clause, deed_in, names, quoted, thing_in, without_asking


@dataclass(frozen=True)
class Scenario:
    """One thing to check; `question_ids` are the answers it came from."""

    title: str
    steps: list[str]
    question_ids: list[str] = field(default_factory=list)


def scenarios_for(settled: Settled) -> list[Scenario]:
    """One to six scenarios: what was asked for first, then its limits."""
    say = Phrases(settled)
    if "actual" in settled.road:
        return _repaired(settled, say)
    if "done" in settled.road:
        return _kept_up(settled, say)
    if "need" in settled.road:
        return _added(settled, say)
    return _changed(settled, say)


def _from(settled: Settled, *facts: str) -> list[str]:
    return [fact for fact in facts if settled.source(fact) == "answered"]


def _added(settled: Settled, say: Phrases) -> list[Scenario]:
    need, wanted = settled.value("need"), _wanted(settled)
    scenarios = [_found(settled, say, wanted)]
    if need == "send":
        scenarios += _sending(settled, say)
    elif need == "find":
        scenarios += _finding(settled, say)
    elif need == "press":
        scenarios.append(
            Scenario(
                "Using it gives a result",
                [say.given_there(), "When they use it", f"Then {say.outcome()}"],
                _from(settled, "need", "outcome"),
            )
        )
    if settled.value("who") in {"signed_in", "team"}:
        scenarios.append(_closed_to_others(settled, say))
    if need == "read":
        scenarios.append(_on_a_phone(settled, say))
    return scenarios


def _wanted(settled: Settled) -> str:
    """What people find there, as the object of `they see …`."""
    title = settled.brief.title
    if deed := deed_in(title):
        return f"that they can {say_short(deed)}"
    if thing := thing_in(title):
        return say_short(_without_place(thing, settled))
    return f"what was asked for: {say_short(without_asking(title)) or 'the request'}"


def say_short(text: str) -> str:
    """Words of a title, short enough for a step."""
    return one_line(text, 160)


def _without_place(thing: str, settled: Settled) -> str:
    """`a map on the contact page` → `a map`, where the page stands in the step before."""
    page = settled.page
    ends = [" on every page", " to every page", " on all pages", " everywhere"]
    if page is not None:
        own = [page.name, f"{page.name} page"] + (
            ["home page", "homepage", "start page"] if page.path == "/" else []
        )
        ends += [
            f" {link}{the}{name}"
            for name in own
            for link in ("on", "to", "in", "for")
            for the in (" the ", " our ", " ")
        ]
    for end in ends:
        if thing.casefold().endswith(end.casefold()):
            return thing[: -len(end)]
    return thing


def _found(settled: Settled, say: Phrases, wanted: str) -> Scenario:
    content = settled.value("content")
    steps = []
    if settled.value("page") == "new_page":
        title = "The new page can be found"
        steps = [*say.way_to_new_page(), "Then a new page opens", f"And they see {wanted}"]
    else:
        title = f"It is on {say.page()}"
        steps = [say.given_open(), f"When {say.look_for_place()}", f"Then they see {wanted}"]
    if content and content != "as_described":
        steps.append(f"And they read {quoted(content, 300)}")
    elif content and len(settled.brief.description.split()) > 3:  # noqa: PLR2004 — fewer words describe nothing
        steps.append("And it holds what the request describes")
    return Scenario(title, steps, _from(settled, "page", "place", "entry", "need", "content"))


def _sending(settled: Settled, say: Phrases) -> list[Scenario]:
    arrives = {
        "mail": "And the team gets it by e-mail",
        "list": "And the team finds it in a list",
        "nowhere": "",
    }
    goes_to = settled.value("goes_to")
    step = arrives.get(goes_to, f"And it goes here: {one_line(goes_to, 160)}")
    sent = [
        say.given_there(),
        "When they fill it in and send it",
        f"Then {say.outcome()}",
        *filter(None, [step]),
    ]
    edge = settled.value("edge")
    missing = {
        "say_beside": "a message beside the field says what is missing",
        "cannot_send": "it is not sent before everything is filled in",
    }.get(edge, clause(edge))
    kept = [
        say.given_there(),
        "When they send it with something missing or wrong",
        f"Then {missing}",
        "And what they typed is still there",
    ]
    return [
        Scenario("Filling it in and sending it works", sent, _from(settled, "need", "outcome", "goes_to")),
        Scenario("Something is missing or wrong", kept, _from(settled, "edge")),
    ]


def _finding(settled: Settled, say: Phrases) -> list[Scenario]:
    edge = settled.value("edge")
    none = {
        "say_none": "a sentence says that nothing was found",
        "say_beside": "a sentence says that nothing was found",
        "show_all": "everything is shown again",
    }.get(edge, clause(edge))
    return [
        Scenario(
            "What matches is found",
            [say.given_there(), "When they look for something that is there", f"Then {say.outcome()}"],
            _from(settled, "need", "outcome"),
        ),
        Scenario(
            "Nothing matches",
            [
                say.given_there(),
                "When they look for something that is not there",
                f"Then {none}",
                "And they can start again with one step",
            ],
            _from(settled, "edge"),
        ),
    ]


def _closed_to_others(settled: Settled, say: Phrases) -> Scenario:
    who = (
        "a visitor who is not signed in"
        if settled.value("who") == "signed_in"
        else "somebody who is not on the team"
    )
    return Scenario(
        "Others do not get it",
        [f"Given {who}", f"When they open {say.page()}", "Then it is not there for them"],
        _from(settled, "who"),
    )


def _on_a_phone(settled: Settled, say: Phrases) -> Scenario:
    if settled.value("page") == "new_page":
        steps = ["Given a visitor has opened the new page on a phone", "When they scroll through it"]
    else:
        steps = [say.given_open("phone"), "When they scroll to it"]
    return Scenario(
        "It fits on a phone", [*steps, "Then they can read all of it without scrolling sideways"], []
    )


def _changed(settled: Settled, say: Phrases) -> list[Scenario]:
    change = settled.value("change")
    if change == "words":
        return _reworded(settled, say)
    if change == "look":
        return _restyled(settled, say)
    if change == "remove":
        return _removed(settled, say)
    return _reworked(settled, say)


def _reworded(settled: Settled, say: Phrases) -> list[Scenario]:
    words, old = settled.value("words"), settled.said.old
    new = (
        [f"Then they read {quoted(words, 300)}"]
        if words
        else [
            f"Then the words are changed as asked: {say_short(without_asking(settled.brief.title)) or 'see the request'}"
        ]
    )
    if old and words and old.casefold() not in words.casefold():
        new.append(f"And they no longer read {quoted(old)}")
    return [
        Scenario(
            f"The new words are on {say.page()}",
            [say.given_open(), f"When they look at {say.part()}", *new],
            _from(settled, "page", "change", "element", "words"),
        ),
        Scenario(
            "Nothing else has changed",
            [
                say.given_open(),
                "When they compare it with how it was before",
                "Then only these words are different",
            ],
            [],
        ),
    ]


def _restyled(settled: Settled, say: Phrases) -> list[Scenario]:
    return [
        Scenario(
            f"{say.part_begin()} looks as asked",
            [say.given_open(), f"When they look at {say.part()}", f"Then {say.look()}", *say.kept()],
            _from(settled, "page", "change", "element", "look", "keep"),
        ),
        Scenario(
            "It fits on a phone",
            [
                say.given_open("phone"),
                f"When they look at {say.part()}",
                "Then they can read all of it without scrolling sideways",
            ],
            [],
        ),
    ]


def _removed(settled: Settled, say: Phrases) -> list[Scenario]:
    return [
        Scenario(
            f"{say.part_begin()} is gone",
            [say.given_open(), f"When they look for {say.part()}", "Then it is no longer there"],
            _from(settled, "page", "change", "element"),
        ),
        Scenario(
            "Nothing else is missing",
            [
                say.given_open(),
                "When they go through the rest of it",
                *(say.kept("Then") or ["Then the rest reads as one piece"]),
                "And no link leads nowhere",
            ],
            _from(settled, "keep"),
        ),
    ]


def _reworked(settled: Settled, say: Phrases) -> list[Scenario]:
    scenarios = [
        Scenario(
            f"It works as asked on {say.page()}",
            [*say.given_and_when(), f"Then {say.expected()}"],
            _from(settled, "page", "change", "action", "element", "expected"),
        )
    ]
    if kept := say.kept("Then"):
        steps = [say.given_open(), "When they use the rest of it", *kept]
        scenarios.append(Scenario("The rest works as before", steps, _from(settled, "keep")))
    return scenarios


def _repaired(settled: Settled, say: Phrases) -> list[Scenario]:
    device = settled.value("device")
    no_longer = say.actual()
    repaired = Scenario(
        say.repaired_title(),
        [
            *say.given_and_when(device),
            f"Then {say.expected()}",
            *([f"And this no longer happens: {no_longer}"] if no_longer else []),
        ],
        _from(settled, "page", "action", "actual", "expected", "device"),
    )
    scenarios = [repaired]
    if settled.value("often") not in {"always", "once"}:
        scenarios.append(
            Scenario(
                "It works every time",
                [*say.given_and_when(device, times="five times in a row"), "Then it works each time"],
                _from(settled, "often"),
            )
        )
    if device in {"phone", "tablet", "computer"}:
        other = "computer" if device != "computer" else "phone"
        scenarios.append(
            Scenario(
                "It still works elsewhere",
                [*say.given_and_when(other), "Then it works there just as well"],
                _from(settled, "device"),
            )
        )
    return scenarios


def _kept_up(settled: Settled, say: Phrases) -> list[Scenario]:
    pages = [quoted(page.name, 60) for page in settled.outline.pages[:4]]
    visit = (
        f"a visitor opens the {'page' if len(pages) == 1 else 'pages'} {names(pages)}"
        if pages
        else "somebody uses the app"
    )
    scenarios = [
        Scenario(
            "The work is done",
            [
                "Given the app with this change",
                f"When a developer looks at {say.area()}",
                f"Then {say.done()}",
            ],
            _from(settled, "area", "done"),
        )
    ]
    notice = settled.value("notice")
    if notice == "nothing":
        seen = "Then all of it looks and works as it did before"
    elif notice == "as_described":
        seen = "Then nothing has changed for them but what the request says"
    else:
        seen = f"Then this is all they notice: {one_line(notice)}"
    scenarios.append(
        Scenario(
            "What visitors notice",
            ["Given the app with this change", f"When {visit}", seen],
            _from(settled, "notice"),
        )
    )
    return scenarios
