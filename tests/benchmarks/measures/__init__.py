"""The measures: each returns a figure, its yardstick and the target."""

from collections.abc import Callable

from tests.benchmarks.measures.board import ten_thousand, thousand
from tests.benchmarks.measures.environments import (
    environment_status,
    flask_task,
    handed_out,
    static_task,
)
from tests.benchmarks.measures.figure import Figure
from tests.benchmarks.measures.per_second import gateway_requests, status_reads, status_unchanged
from tests.benchmarks.measures.previews import flask_to_ready, static_to_ready, vite_to_ready, wake
from tests.benchmarks.measures.processes import enqueue_to_start, memory_at_rest
from tests.benchmarks.measures.repositories import list_folder, read_blob
from tests.benchmarks.measures.search import many_words, one_letter
from tests.benchmarks.measures.specs import reads_while_specs_are_written, two_hundred_specs
from tests.benchmarks.measures.versions import list_version, read_version, save_version
from tests.support.installation import Installation

ALL: dict[str, Callable[[Installation], Figure]] = {
    "memory": memory_at_rest,
    "status": status_reads,
    "unchanged": status_unchanged,
    "gateway": gateway_requests,
    "start": enqueue_to_start,
    "static": static_to_ready,
    "flask": flask_to_ready,
    "vite": vite_to_ready,
    "wake": wake,
    "board": thousand,
    "large-board": ten_thousand,
    "search": many_words,
    "short-search": one_letter,
    "list": list_folder,
    "blob": read_blob,
    "files": list_version,
    "file": read_version,
    "save": save_version,
    "environment-status": environment_status,
    "static-task": static_task,
    "flask-task": flask_task,
    "standing-ready": handed_out,
    "specs": two_hundred_specs,
    "specs-reads": reads_while_specs_are_written,
}

__all__ = ["ALL", "Figure"]
