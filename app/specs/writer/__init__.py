"""Who writes a spec: the port, and the writer that needs no account and no model."""

from app.specs.writer.built_in import BuiltIn
from app.specs.writer.port import PARTS, Brief, Writer, writers

__all__ = ["PARTS", "Brief", "BuiltIn", "Writer", "writers"]
