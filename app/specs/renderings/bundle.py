"""The pages that were read of one host, as one Markdown text and as a zip with a file for each."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence

from app.core.markdown import code

Pages = Sequence[Mapping[str, str]]


def pages_as_markdown(pages: Pages) -> str:
    """Write what was read, one page after the other."""
    return "\n\n---\n\n".join(_page(page) for page in pages if page["text"]) + "\n"


def pages_as_zip(pages: Pages) -> bytes:
    """Pack what was read; the same pages give the same bytes."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for number, page in enumerate((page for page in pages if page["text"]), 1):
            name = re.sub(r"[^a-z0-9]+", "-", page["title"].lower()).strip("-")[:60] or "page"
            entry = zipfile.ZipInfo(f"{number:02d}-{name}.md")  # of no moment
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, _page(page) + "\n")
    return written.getvalue()


def _page(page: Mapping[str, str]) -> str:
    return f"Read at {code(page['url'])}\n\n{page['text']}"
