"""Links that open a spec in a program elsewhere, which fetches it by its address."""

from urllib.parse import quote, quote_plus

_WORDS = (
    'First download {url}, then save it to a file called "spec.md" and then parse it '
    "and implement it step by step"
)


def deep_links(url: str) -> dict[str, str]:
    """Return the link for each program that can be told to begin."""
    words = _WORDS.format(url=url)
    percent = quote(words, safe="")
    return {
        "lovableUrl": f"https://lovable.dev/?autosubmit=true#prompt={percent}",
        "cursorUrl": f"cursor://anysphere.cursor-deeplink/prompt?text={quote_plus(words)}",
        "v0Url": f"https://v0.dev/chat?q={percent}",
        "boltUrl": f"https://bolt.new?prompt={percent}",
    }
