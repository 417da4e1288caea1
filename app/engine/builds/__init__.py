"""Turns a checkout into something that can be served, or says why it cannot."""

from app.engine.builds.steps import Built, Report, build
from app.engine.builds.trouble import explain, lines_that_matter

__all__ = ["Built", "Report", "build", "explain", "lines_that_matter"]
