"""What every list of the app interface is asked by, and what it says of the part that it gives."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from app.web.schemas import Schema


class Deleted(StrEnum):
    """Whether a list shows what is deleted."""

    NO = "false"
    YES = "true"
    ONLY = "only"


class ListQuery(Schema):
    """Which part of a list, in which order, and which of it.

    `filter` is JSON: `AND`, `OR`, `NOT`, fields with operators, and relations by name, one level deep.
    `orderBy` is JSON: `[{"field": "direction"}]`. Cursors are those of `pageInfo`.
    """

    limit: Annotated[int, Field(ge=1, le=100)] = 100
    after: str | None = None
    before: str | None = None
    ids: Annotated[list[str], Field(max_length=200)] = []  # noqa: RUF012 - pydantic copies it
    filter: str | None = None
    order_by: Annotated[str | None, Field(alias="orderBy")] = None


class PageInfo(Schema):
    """How many there are in all, and what lies on both sides of this part."""

    total: int
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


class Success(Schema):
    """That it is done."""

    success: bool = True
