"""What is done with archives: have one made or brought in, stop that, forget old ones."""

from app.archives.operations.bringing import ask_for_import, bring_in, sweep_imports
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
    "ask_for_import",
    "bring_in",
    "cancel_export",
    "file_of",
    "forget_old_exports",
    "import_archive",
    "make_export",
    "sweep_imports",
    "write_export",
]
