"""`touch-up`: a real change without a model, from what a person pointed at on the running page."""

from app.integrations.coding_agent.touch_up.agent import TouchUp, findings_for
from app.integrations.coding_agent.touch_up.criteria import criteria_of, sentence_of, task_of
from app.integrations.coding_agent.touch_up.refusals import LONGEST, refusal_of

__all__ = [
    "LONGEST",
    "TouchUp",
    "criteria_of",
    "findings_for",
    "refusal_of",
    "sentence_of",
    "task_of",
]
