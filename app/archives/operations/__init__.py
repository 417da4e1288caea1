"""What is done with archives: have one made, stop that, forget old ones, make an organization of one."""

from app.archives.operations.exporting import (
    DAYS_KEPT,
    ask_for_export,
    cancel_export,
    file_of,
    forget_old_exports,
    make_export,
    write_export,
)
from app.archives.operations.importing import import_archive

__all__ = [
    "DAYS_KEPT",
    "ask_for_export",
    "cancel_export",
    "file_of",
    "forget_old_exports",
    "import_archive",
    "make_export",
    "write_export",
]
