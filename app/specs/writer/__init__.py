"""Who writes a spec: the port, the writer that needs no model, and the one that asks a model."""

from app.specs.writer.built_in import BuiltIn
from app.specs.writer.by_model import ByModel
from app.specs.writer.port import PARTS, Brief, Writer, writers
from app.specs.writer.sources import sources_of

__all__ = ["PARTS", "Brief", "BuiltIn", "ByModel", "Writer", "sources_of", "writers"]
