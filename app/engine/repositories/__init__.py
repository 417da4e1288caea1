"""Bare git repositories: read, commit, compare, merge, lay out as plain files, clone and push over HTTP."""

from app.engine.repositories.checkouts import Checkout, Skipped
from app.engine.repositories.commits import Commit, Signature
from app.engine.repositories.diffs import Diff, DiffLimits, FileDiff, Hunk, Line
from app.engine.repositories.lines import Place
from app.engine.repositories.merges import MergeCheck
from app.engine.repositories.repository import Repository
from app.engine.repositories.sizes import bytes_in
from app.engine.repositories.trees import Entry, FileKind

__all__ = [
    "Checkout",
    "Commit",
    "Diff",
    "DiffLimits",
    "Entry",
    "FileDiff",
    "FileKind",
    "Hunk",
    "Line",
    "MergeCheck",
    "Place",
    "Repository",
    "Signature",
    "Skipped",
    "bytes_in",
]
