"""The text of what somebody hands in or points to: files, and pages of the web."""

from app.specs.texts.files import NAMES, ReadFile, read_file
from app.specs.texts.pages import read_page
from app.specs.texts.requests import outline_of, text_of

__all__ = ["NAMES", "ReadFile", "outline_of", "read_file", "read_page", "text_of"]
