"""What is done with the language model: set it up, test it, ask it for an organization."""

from app.language_models.operations.asking import model_for
from app.language_models.operations.setting_up import change, forget, may_set_up, set_up, switch
from app.language_models.operations.testing import Outcome, test

__all__ = ["Outcome", "change", "forget", "may_set_up", "model_for", "set_up", "switch", "test"]
