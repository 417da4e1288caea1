"""The base of every shape that comes in or goes out: camelCase outside, our names inside."""

from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar, get_origin

from flask import request
from pydantic import BaseModel, ConfigDict, PlainSerializer, ValidationError
from pydantic.alias_generators import to_camel

from app.core.clock import iso
from app.core.errors import Fault, Invalid

Moment = Annotated[datetime, PlainSerializer(iso, return_type=str, when_used="json")]


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


def read(shape: type[Shape], data: Any, *, place: str) -> Shape:
    """Validate input, or say what is wrong with each part of it (422)."""
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


class Form(Generic[Shape]):
    """A form as it was sent: what it means when it holds, and what to show again when it does not."""

    def __init__(self, shape: type[Shape]) -> None:
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
        try:
            self.data = shape.model_validate(sent)
        except ValidationError as trouble:
            for fault in faults(trouble, "form"):
                self.errors.setdefault(_field_name(shape, fault["loc"]), fault["msg"])

    @property
    def valid(self) -> Shape:
        """Return what was sent, once `errors` was seen to be empty."""
        if self.data is None:
            raise Invalid("The form does not hold.", errors=[])
        return self.data

    def refuse(self, trouble: Invalid) -> None:
        """Take over what an operation found wrong, so that the same form is shown with it."""
        for fault in trouble.errors:
            self.errors[str(fault["loc"][-1])] = fault["msg"]
        if not trouble.errors:
            self.errors[""] = trouble.message


def _field_name(shape: type[BaseModel], loc: list[str | int]) -> str:
    written = str(loc[1]) if len(loc) > 1 else ""
    for name, field in shape.model_fields.items():
        if written in {name, field.alias}:
            return name
    return written
