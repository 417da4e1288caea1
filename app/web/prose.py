"""What people wrote, as HTML: Markdown, sanitised, with links that open safely."""

from markupsafe import Markup

from app.core.markdown import as_html


def prose(text: str | None) -> Markup:
    """Return Markdown as markup for a template."""
    return Markup(as_html(text)) if text else Markup()  # noqa: S704 - it was cleaned just now
