"""Which host labels a person may choose: none of ours, and none that a preview could come by."""

import re

RESERVED = frozenset(
    {"www", "api", "admin", "preview", "previews", "app", "apps", "greenroom", "localhost", "mail"}
)
# Two hyphens mark what is a version's, a branch's or a round's; a number in front is a request's preview.
_SHAPE = re.compile(r"(?!.*--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_OF_PREVIEW = re.compile(r"\d+-")


def why_unfit(label: str) -> str | None:
    """Say why nobody can choose this label; None where it can be, unless it is taken."""
    if not _SHAPE.fullmatch(label):
        return "Use a-z, 0-9 and single hyphens, such as shop-front; 63 characters at most."
    if label in RESERVED:
        return f"{label} is kept for Greenroom itself. Choose another one."
    if _OF_PREVIEW.match(label):
        return "A number and a hyphen in front mark the preview of a request. Begin with a word."
    return None


def made_fit(label: str, *, by: str) -> str:
    """Return a label that was made of a name, with the word `by` in front where it would not do as it is."""
    return label if why_unfit(label) is None else f"{by}-{label}"
