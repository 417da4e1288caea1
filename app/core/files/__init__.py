"""Files that people hand in: each content once, under a name that nobody chose, known by what is in it."""

from app.core.files.kinds import Kind, kind_of
from app.core.files.names import clean_name, size_in_words
from app.core.files.store import Upload, keep, length_of, path_of, sweep

__all__ = [
    "Kind",
    "Upload",
    "clean_name",
    "keep",
    "kind_of",
    "length_of",
    "path_of",
    "size_in_words",
    "sweep",
]
