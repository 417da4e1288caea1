"""Every sentence that the built-in writer adds of its own; all other words are those of the text."""

import re
from collections.abc import Iterator

from app.specs import document

ORIGIN = "Written without a language model, from the sentences of the text alone"
NO_REASON = document.NO_REASON
ANYBODY = "user"
CAN = "{article} {role} can {want}"
HOLDS = "It is so {condition}"
LIMIT = "This limit is kept: {limit}"
RELY = "rely on it that {clause}"
HAVE = "have {thing}"
DONE = "see this done: {clause}"
NOT_ACTS = (RELY, HAVE, DONE)

CRITERIA = {
    "show": "Where there is nothing to show yet, the page says so",
    "enter": "What is missing or wrong is named beside its field, and what was typed stays",
    "change": "What was changed is still there after a reload",
    "remove": "It asks first, and says what will be gone",
    "pay": "A payment that fails changes nothing, and the page says why",
    "find": "A search without a result says so",
    "come in": "A wrong password is refused without saying which part was wrong",
    "tell": "The message says what happened and where to look",
    "upload": "A file that is too large or of another kind is refused, with the reason",
    "give out": "What is given out holds the same as what the page shows",
    "connect": "When the other side does not answer, it says so and tries again",
}
TASKS = {
    "DB": "Keep what “{title}” needs",
    "API": "Answer programs that ask for “{title}”",
    "FE": "Show “{title}” where people look for it",
    "Integration": "Connect {service} for “{title}”",
    "Security": "Check who may do “{title}”",
    "QA": "Check each criterion of “{title}”",
}
SET_UP = (
    (
        "Set up the project",
        "start the project on a new machine with one command",
        "nobody has to guess how it starts",
        ("One command starts it", "Checks run with every change"),
    ),
    (
        "Reach it at its own address",
        "open the newest version at its own address",
        "what is done can be seen",
        ("A change that passes its checks is put there by itself", "An earlier version can be put back"),
    ),
    (
        "Watch over it",
        "see whether it runs and what went wrong",
        "trouble is seen before people report it",
        ("Errors are written down with their time", "What is kept is backed up"),
    ),
    (
        "Write down how it is used",
        "read how it is started, used and looked after",
        "it does not depend on one person",
        ("It is written down how it is started", "It is written down whom to ask"),
    ),
)
SET_UP_NAME = "Set-up"
BUILDER = "developer"
REST = "Everything else"
FOR_ROLE = "For the {role}"
SUMMARY = "{subject}. Points of the text: {points}; stories: {count}."
SUMMARY_NEW = "It begins with what a new project needs before anything else."
SUMMARY_ADDITION = "It is added to what is there already; nothing is set up anew."
SUMMARY_PEOPLE = "For: {people}."
PERSONA = "Named by the text in {stories}"
UNDECIDED = "Undecided"
CATEGORIES = ("Frontend", "Backend", "Database")
FROM_TEXT = "named in the text"
RISKS = {
    "Money is involved": "Try each payment with test cards, also those that fail",
    "Data about people is kept": "Keep as little as possible, and write down who sees it",
    "It depends on others": "Say what happens while the other side is away",
    "Many may come at once": "Measure it with as many as are expected",
    "There is a date to meet": "Build the first milestones first, and leave the rest for later",
    "Not everything is decided": "Ask before it is built",
    "There is data already": "Try the move on a copy first",
    "It has to work without a connection": "Say who wins when both sides changed the same thing",
}
BOXES = {"frontend": "Pages", "api-services": "Server", "databases": "Database"}
FLOW_START = "Start"
ASKS, KEEPS, CALLS = "asks", "keeps", "calls"


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from (*_texts(key), *_texts(inner))
    elif isinstance(value, tuple):
        for inner in value:
            yield from _texts(inner)


WORDS = frozenset(
    word
    for name, value in list(globals().items())
    if name.isupper()
    for text in _texts(value)
    for word in re.findall(r"[^\W\d_]+", re.sub(r"{\w+}", " ", text).lower())
) | {"an", "a"}
"""All words that can stand in a document without standing in the text."""
