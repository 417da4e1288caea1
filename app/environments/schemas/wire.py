"""What all shapes of this API share: its pages, and its errors."""

from math import ceil
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field


class Wire(BaseModel):
    """A shape of this API."""

    model_config = ConfigDict(from_attributes=True)


class PageQuery(Wire):
    """Which page of a list: from 1, of at most 200."""

    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    limit: Annotated[int, Field(ge=1, le=200)] = 50

    @property
    def skip(self) -> int:
        return (self.page - 1) * self.limit

    def place(self, total: int) -> dict[str, Any]:
        """Return what a list says of the page that was asked for."""
        last = ceil(total / self.limit)
        return {
            "total": total,
            "page": self.page,
            "limit": self.limit,
            "total_pages": last,
            "has_next": self.page < last,
            "has_previous": self.page > 1,
        }


class PageOf(Wire):
    """What every list says of its page."""

    total: int
    page: int
    limit: int
    total_pages: int
    has_next: bool
    has_previous: bool


class FaultOut(Wire):
    """One thing wrong with one input."""

    loc: list[str | int]
    msg: str
    type: str


class Trouble(Wire):
    """An error of this API; `errors` is there where an input does not hold."""

    code: int
    detail: str
    type: str
    errors: list[FaultOut] | None = None
