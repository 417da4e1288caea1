"""Which language model there is."""

from dataclasses import dataclass

from app.core.installation import installation
from app.integrations.language_model import Endpoint, Usage
from app.language_models.models import ModelSettings, model_settings

_MILLION = 1_000_000


@dataclass(frozen=True)
class Price:
    """What a million tokens cost, in millionths of a currency."""

    read_micros: int = 0
    written_micros: int = 0
    currency: str = ""

    def of(self, usage: Usage) -> int:
        """Return what a use cost, in millionths."""
        return round((usage.read * self.read_micros + usage.written * self.written_micros) / _MILLION)


@dataclass(frozen=True)
class ChosenModel:
    """The language model that is asked here, and what it costs."""

    endpoint: Endpoint
    price: Price
    is_from_environment: bool


def chosen_model() -> ChosenModel | None:
    """Return the language model that every feature asks; None where there is none, or it is switched off."""
    kept = model_settings()
    return None if kept is not None and not kept.is_on else model_behind(kept)


def model_behind(kept: ModelSettings | None) -> ChosenModel | None:
    """Return the model that would be asked if it were on: the admins' one, else that of the environment."""
    if kept is not None and kept.base_url:
        endpoint = Endpoint(base_url=kept.base_url, key=kept.key or "", model=kept.model)
        return ChosenModel(endpoint, _price(kept), is_from_environment=False)
    here = installation()
    if not here.model_url:
        return None
    endpoint = Endpoint(base_url=here.model_url, key=here.model_key, model=here.model_name)
    return ChosenModel(endpoint, Price(), is_from_environment=True)


def _price(kept: ModelSettings) -> Price:
    if kept.read_micros is None and kept.written_micros is None:
        return Price()
    return Price(kept.read_micros or 0, kept.written_micros or 0, kept.currency)
