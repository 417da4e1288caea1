"""The text of a file that somebody hands in: plain, Markdown, PDF or DOCX."""

import io
import zipfile
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from app.core.errors import Invalid
from app.core.files import Upload, clean_name, length_of, size_in_words

LARGEST = 10 * 1024 * 1024
LONGEST_TEXT = 200_000
MOST_PAGES = 500
_LARGEST_UNPACKED = 60 * 1024 * 1024
_KINDS = {
    ".txt": "text/plain",
    ".text": "text/plain",
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
NAMES = "text (.txt), Markdown (.md), PDF (.pdf) and Word (.docx)"


@dataclass(frozen=True, kw_only=True)
class ReadFile:
    """A file, and the text in it."""

    name: str
    content_type: str
    content: bytes
    text: str


def read_file(upload: Upload) -> ReadFile:
    """Read a file's text, or say why it cannot be read."""
    name, size = clean_name(upload.name), length_of(upload.stream)
    ending = PurePath(name).suffix.lower()
    if ending not in _KINDS:
        raise _refused(f"{name} cannot be read. These can: {NAMES}.")
    if size > LARGEST:
        raise _refused(f"{name} has {size_in_words(size)}; a file may have {size_in_words(LARGEST)}.")
    content = upload.stream.read()
    text = _text(name, ending, content).replace("\x00", "").strip()
    if not text:
        raise _refused(f"There is no text in {name}. A scan has to be turned into text first.")
    if len(text) > LONGEST_TEXT:
        raise _refused(f"{name} has more than {LONGEST_TEXT} characters. Hand in the part that matters.")
    return ReadFile(name=name, content_type=_KINDS[ending], content=content, text=text)


def _refused(words: str) -> Invalid:
    return Invalid.field("file", words, type="file")


def _text(name: str, ending: str, content: bytes) -> str:
    if ending == ".pdf":
        return pdf_text(name, content)
    if ending == ".docx":
        return _of_docx(name, content)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused(f"{name} is no text in UTF-8. Save it as such, then hand it in again.") from None


def pdf_text(name: str, content: bytes) -> str:
    """Return the text of a PDF's pages, or say why it cannot be read."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise _refused(f"{name} is locked by a password. Hand in one that is not.")
        if len(reader.pages) > MOST_PAGES:
            raise _refused(f"{name} has more than {MOST_PAGES} pages. Hand in those that matter.")
        return "\n\n".join(page.extract_text() for page in reader.pages)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _refused(f"{name} cannot be read as a PDF. Save it again, or hand in its text.") from None


def _of_docx(name: str, content: bytes) -> str:
    from docx import Document
    from docx.opc.exceptions import OpcError

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(each.file_size for each in packed.infolist()) > _LARGEST_UNPACKED:
                raise _refused(f"{name} is too large once it is unpacked. Hand in its text.")
        return "\n".join(_line(paragraph) for paragraph in Document(io.BytesIO(content)).paragraphs)
    except (OpcError, zipfile.BadZipFile, KeyError, ValueError):
        raise _refused(f"{name} cannot be read as a Word file. Save it again, or hand in its text.") from None


def _line(paragraph: Any) -> str:
    """Write a paragraph as Markdown would: headings and bullets stay what they are."""
    style = (paragraph.style.name or "") if paragraph.style is not None else ""
    if style.startswith("Heading"):
        return f"\n## {paragraph.text}\n"
    return f"- {paragraph.text}" if style.startswith("List") else f"{paragraph.text}\n"
