"""Names as they may stand in an address or a host name."""

import re
import unicodedata


def slugify(text: str, *, fallback: str, longest: int = 40) -> str:
    """Write a name with a-z, 0-9 and hyphens; `fallback` when nothing of it is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:longest].strip("-")
    return slug or fallback
