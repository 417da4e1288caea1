"""Addresses as codes that a phone's camera reads."""

import io

import segno
from flask_babel import gettext as _
from markupsafe import Markup


def code_of(address: str) -> Markup:
    """Draw an address of our own."""
    out = io.BytesIO()
    segno.make(address, error="m").save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=True,
        omitsize=True,  # it is as wide as its place; with a size of its own it would be cut
        border=3,
        light="#ffffff",
        title=_("Code of the link"),
    )
    return Markup(out.getvalue().decode())  # noqa: S704 - drawn here, from an address of our own
