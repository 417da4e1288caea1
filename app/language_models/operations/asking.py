"""Ask the language model for an organization: within what it may use, and counted as its."""

from uuid import UUID

from app.core.errors import Failed
from app.integrations.language_model import LanguageModel, OpenAICompatible, Usage
from app.language_models.queries import Price, chosen_model
from app.organizations.operations import note_model_use, set_tokens_aside


def model_for(organization_id: UUID, *, tries: int = 6, silence_seconds: float = 60.0) -> LanguageModel:
    """Return the language model there is, for one organization; raises Failed where there is none.

    `tries` is how often a busy endpoint is asked, `silence_seconds` how long nothing may come from it.
    """
    chosen = chosen_model()
    if chosen is None:
        raise Failed(
            "model_off",
            "There is no language model here any more.",
            "Try again: it goes on without one.",
        )
    meter = _Meter(organization_id, chosen.price)
    return OpenAICompatible(chosen.endpoint, meter=meter, tries=tries, silence_seconds=silence_seconds)


class _Meter:
    """Sets aside for each asking what it may take at most, and puts in its place what it took."""

    def __init__(self, organization_id: UUID, price: Price) -> None:
        self._organization_id = organization_id
        self._price = price
        self._set_aside: UUID | None = None

    def admit(self, most: Usage) -> None:
        self._set_aside = set_tokens_aside(self._organization_id, most.total)

    def note(self, usage: Usage) -> None:
        note_model_use(
            self._organization_id,
            tokens=usage.total,
            cost_micros=self._price.of(usage),
            currency=self._price.currency,
            set_aside=self._set_aside,
        )
