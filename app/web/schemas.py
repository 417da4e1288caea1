"""The base of every shape that comes in or goes out: camelCase outside, our names inside."""

import math
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar, get_origin

from flask import request
from flask_babel import gettext as _
from pydantic import AfterValidator, BaseModel, ConfigDict, PlainSerializer, ValidationError
from pydantic.alias_generators import to_camel

from app.core.clock import iso
from app.core.errors import Conflict, DomainError, Fault, Invalid, Unauthenticated

Moment = Annotated[datetime, PlainSerializer(iso, return_type=str, when_used="json")]


def _in_utc(given: datetime) -> datetime:
    """Read a moment that names no time zone as UTC."""
    try:
        return (given if given.tzinfo else given.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        raise ValueError("This moment is in no calendar of ours. Choose an earlier or a later one.") from None


MomentIn = Annotated[datetime, AfterValidator(_in_utc)]


class Schema(BaseModel):
    """A shape of the API, read from JSON, from a form, or from a record's attributes."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, from_attributes=True, str_strip_whitespace=True
    )


class Paging(Schema):
    """Which page of a list."""

    page: Annotated[int, "from 1"] = 1
    limit: Annotated[int, "at most 100"] = 20


Shape = TypeVar("Shape", bound=BaseModel)
Result = TypeVar("Result")


def read(shape: type[Shape], data: Any, *, place: str) -> Shape:
    """Validate input, or say what is wrong with each part of it (422)."""
    refuse_unkept(data, place=place)
    try:
        return shape.model_validate(data)
    except ValidationError as trouble:
        raise Invalid(
            "Some of what was sent does not hold; `errors` names each place.", errors=faults(trouble, place)
        ) from None


def faults(trouble: ValidationError, place: str) -> list[Fault]:
    """Write pydantic's findings in the words and the form of our error body."""
    return [
        {
            "loc": [place, *fault["loc"]],
            "msg": fault["msg"].removeprefix("Value error, "),
            "type": fault["type"],
        }
        for fault in trouble.errors(include_url=False, include_input=False, include_context=False)
    ]


def refuse_unkept(data: Any, *, place: str) -> None:
    """Refuse what no database of ours keeps: a text with a NUL in it, a number that is none (422)."""
    unkept = list(_unkept(data, [place]))
    if unkept:
        raise Invalid("Some of what was sent cannot be kept; `errors` names each place.", errors=unkept)


def _unkept(given: Any, loc: list[str | int]) -> Iterator[Fault]:
    if isinstance(given, str):
        if "\x00" in given:
            yield {"loc": loc, "msg": "Leave out the character NUL.", "type": "string_nul"}
    elif isinstance(given, float):
        if not math.isfinite(given):
            yield {"loc": loc, "msg": "This number is too large.", "type": "finite_number"}
    elif isinstance(given, Mapping):
        for name, value in given.items():
            yield from _unkept(name, loc)
            yield from _unkept(value, [*loc, name])
    elif isinstance(given, list):
        for place, value in enumerate(given):
            yield from _unkept(value, [*loc, place])


class Form(Generic[Shape]):
    """A form as it was sent: what it means when it holds, and what to show again when it does not."""

    def __init__(self, shape: type[Shape]) -> None:
        self.shape = shape
        self.values: dict[str, str] = request.form.to_dict()
        self.errors: dict[str, str] = {}
        self.data: Shape | None = None
        sent: dict[str, Any] = {}
        for name, field in shape.model_fields.items():
            given = request.form.getlist(name) or request.form.getlist(field.alias or name)
            if not given:
                continue
            wants_many = get_origin(field.annotation) in {list, set, tuple}
            sent[name] = given if wants_many else given[-1]
            if sent[name] == "" and not field.is_required():
                del sent[name]
        for fault in _unkept(sent, []):
            self.errors.setdefault(_field_name(shape, fault["loc"]), fault["msg"])
        if self.errors:
            return
        try:
            self.data = shape.model_validate(sent)
        except ValidationError as trouble:
            for fault in faults(trouble, "form"):
                self.errors.setdefault(_field_name(shape, fault["loc"][1:]), _in_plain_words(fault))

    @property
    def valid(self) -> Shape:
        """Return what was sent, once `errors` was seen to be empty."""
        if self.data is None:
            raise Invalid("The form does not hold.", errors=[])
        return self.data

    def submit(self, act: Callable[[Shape], Result]) -> Result | None:
        """Act with what was sent; what does not hold, here or there, stays in `errors`, to be shown again."""
        if self.data is None:
            return None
        try:
            return act(self.data)
        except (Invalid, Conflict, Unauthenticated) as trouble:
            self.refuse(trouble)
            return None

    def refuse(self, trouble: DomainError) -> None:
        """Take over what an operation found wrong, so that the same form is shown with it."""
        faults_found = trouble.errors if isinstance(trouble, Invalid) else []
        for fault in faults_found:
            name = _field_name(self.shape, fault["loc"][-1:])
            self.errors[name] = " ".join(filter(None, [self.errors.get(name), fault["msg"]]))
        if not faults_found:
            self.errors[""] = trouble.message


def _in_plain_words(fault: Fault) -> str:
    """Say for people what pydantic says for programs, where forms often meet it."""
    if fault["type"] in {"missing", "string_too_short", "too_short"}:
        return str(_("This is needed."))
    if fault["type"] in {"enum", "literal_error"}:
        return str(_("Choose one of these."))
    return fault["msg"]


def _field_name(shape: type[BaseModel], loc: list[str | int]) -> str:
    written = str(loc[0]) if loc else ""
    for name, field in shape.model_fields.items():
        if written in {name, field.alias}:
            return name
    return written
