"""A checkout in which commands run: made from a commit, walled in, looked through, and taken away."""

from app.engine.workbench.bench import Workbench, bench_at
from app.engine.workbench.changes import Changes, Most
from app.engine.workbench.programs import search_path, trouble_with

__all__ = ["Changes", "Most", "Workbench", "bench_at", "search_path", "trouble_with"]
