"""Addresses as codes that a phone's camera reads."""

import io

from markupsafe import Markup


def drawn(address: str, title: str) -> Markup:
    """Draw an address of our own; the title is what is read out."""
    import segno  # most processes never draw one

    out = io.BytesIO()
    segno.make(address, error="m").save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=True,
        omitsize=True,  # it is as wide as its place; with a size of its own it would be cut
        border=3,
        light="#ffffff",
        title=title,
    )
    return Markup(out.getvalue().decode())  # noqa: S704 - drawn here, from an address of our own
