"""What people wrote, as HTML: Markdown, sanitised, with links that open safely."""

import re

from markupsafe import Markup

from app.core.markdown import as_html


def prose(text: str | None, *, strong: re.Pattern[str] | None = None) -> Markup:
    """Return Markdown as markup for a template; what `strong` finds in it stands out."""
    return Markup(as_html(text, strong=strong)) if text else Markup()  # noqa: S704 - it was cleaned just now
