"""What cannot be put in at all, said to whoever wrote it."""

from app.integrations.coding_agent.touch_up import colours, writing

LONGEST = 2_000


def refusal_of(kind: str, was: str, to: str) -> str | None:
    """Say why `to` cannot stand where `was` stands; None where it can."""
    if to == was:
        return "This is what stands there already."
    if kind == "text" and not to.strip():
        return "Write what shall stand there. To take something away, ask for it in words."
    if kind in {"href", "src"} and writing.as_address(kind, to) is None:
        return "Give an address of a page or a file: one that begins with https://, or one within the site."
    if kind == "color" and colours.colour_of(to) is None:
        return "Write a colour such as #1f6f54, rgb(31, 111, 84) or teal."
    return None
