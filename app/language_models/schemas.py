"""What the settings of the language model take and give."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints

from app.language_models.models import ModelSettings
from app.language_models.queries import model_behind
from app.web.schemas import Moment, Schema

_MILLIONTHS = 1_000_000
Price = Annotated[
    Decimal, Field(ge=0, le=1_000_000, allow_inf_nan=False, description="For a million tokens.")
]


class ModelChange(Schema):
    """What to change of the language model; what is missing stays, and a `key` of "" takes the key away."""

    base_url: Annotated[str, StringConstraints(max_length=300)] | None = None
    model: Annotated[str, StringConstraints(max_length=200)] | None = None
    key: Annotated[str, StringConstraints(max_length=4000)] | None = None
    read_price: Price | None = None
    written_price: Price | None = None
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    is_on: bool | None = None

    def over(self, before: ModelSettings | None) -> dict[str, Any] | None:
        """Return what an operation needs to set the model up; None where only the switch was sent."""
        if not self.model_fields_set - {"is_on"}:
            return None
        kept = before or ModelSettings(base_url="", model="", currency="USD")
        sent = self.model_fields_set
        return {
            "base_url": kept.base_url if self.base_url is None else self.base_url,
            "model": kept.model if self.model is None else self.model,
            "key": self.key,
            "read_micros": _micros(self.read_price) if "read_price" in sent else kept.read_micros,
            "written_micros": _micros(self.written_price) if "written_price" in sent else kept.written_micros,
            "currency": self.currency or kept.currency,
        }


class ModelForm(Schema):
    """The language model as its form says it: an empty key stays, an empty price is none."""

    base_url: Annotated[str, StringConstraints(max_length=300)]
    model: Annotated[str, StringConstraints(max_length=200)]
    key: Annotated[str, StringConstraints(max_length=4000)] | None = None
    without_key: bool = False
    read_price: Price | None = None
    written_price: Price | None = None
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "USD"

    def all(self) -> dict[str, Any]:
        """Return what an operation needs to set the model up."""
        return {
            "base_url": self.base_url,
            "model": self.model,
            "key": "" if self.without_key else self.key,
            "read_micros": _micros(self.read_price),
            "written_micros": _micros(self.written_price),
            "currency": self.currency,
        }


class TestOut(Schema):
    """How a test went: `works`, or what went wrong; in words, and how long it took."""

    code: str
    words: str
    milliseconds: int


class ModelOut(Schema):
    """The language model as it is; of its key, whether it is set and how it ends."""

    is_on: bool
    source: Literal["settings", "environment", "none"]
    base_url: str
    model: str
    key_is_set: bool
    key_last_four: str | None
    read_price: float | None
    written_price: float | None
    currency: str | None
    tested_at: Moment | None
    test: TestOut | None

    @classmethod
    def of(cls, kept: ModelSettings | None) -> Self:
        """Show the model there is, whoever named it."""
        behind = model_behind(kept)
        is_named_here = behind is not None and not behind.is_from_environment
        return cls(
            is_on=behind is not None and (kept is None or kept.is_on),
            source="none" if behind is None else "environment" if behind.is_from_environment else "settings",
            base_url=behind.endpoint.base_url if behind else "",
            model=behind.endpoint.model if behind else "",
            key_is_set=bool(behind and behind.endpoint.key),
            key_last_four=kept.last_four if kept is not None and is_named_here else None,
            read_price=_price(kept.read_micros) if kept is not None else None,
            written_price=_price(kept.written_micros) if kept is not None else None,
            currency=kept.currency if kept is not None and is_named_here else None,
            tested_at=kept.tested_at if kept is not None else None,
            test=_test(kept),
        )


def _test(kept: ModelSettings | None) -> TestOut | None:
    if kept is None or kept.test_code is None:
        return None
    return TestOut(code=kept.test_code, words=kept.test_words or "", milliseconds=kept.test_ms or 0)


def _micros(price: Decimal | None) -> int | None:
    return None if price is None else int((price * _MILLIONTHS).to_integral_value(ROUND_HALF_UP))


def _price(micros: int | None) -> float | None:
    return None if micros is None else micros / _MILLIONTHS
