"""Language models: what is asked of one, what comes back, and the one real way to ask.

There is no embedded model. Features that can use one have a way of their own without it, and say so.
"""

from app.integrations.language_model.openai_compatible import OpenAICompatible
from app.integrations.language_model.port import (
    Endpoint,
    LanguageModel,
    Material,
    Meter,
    Patience,
    Task,
    Usage,
    Written,
)

__all__ = [
    "Endpoint",
    "LanguageModel",
    "Material",
    "Meter",
    "OpenAICompatible",
    "Patience",
    "Task",
    "Usage",
    "Written",
]
