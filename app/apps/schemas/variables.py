"""What the environment of an app takes and gives."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints

from app.apps.models import AppVariable, VariableType
from app.web.schemas import Schema

Value = Annotated[str, StringConstraints(max_length=32_000, strip_whitespace=False)]


class NewAppVariable(Schema):
    """A variable to set; without a type a new one is plain, and one that is there keeps its own."""

    name: Annotated[str, Field(min_length=1)]
    value: Value = ""
    type: VariableType | None = None


class VariableName(Schema):
    """Which variable."""

    name: str


class AppVariableOut(Schema):
    """A variable; the value of a secret one is null."""

    name: str
    type: VariableType
    value: str | None

    @classmethod
    def of(cls, variable: AppVariable) -> Self:
        return cls(
            name=variable.name,
            type=variable.type,
            value=None if variable.is_secret else variable.value,
        )


class AppVariables(Schema):
    """All variables of an app, by name."""

    data: list[AppVariableOut]

    @classmethod
    def of(cls, variables: list[AppVariable]) -> Self:
        return cls(data=[AppVariableOut.of(each) for each in variables])
