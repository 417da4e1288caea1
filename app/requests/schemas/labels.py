"""Labels as they come in and go out."""

from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from app.web.schemas import Moment, Schema

LabelName = Annotated[str, StringConstraints(min_length=1, max_length=50)]
Colour = Annotated[str, StringConstraints(min_length=1, max_length=7)]
LabelDescription = Annotated[str, StringConstraints(max_length=200)]


class LabelRef(Schema):
    """A label, on something else."""

    id: UUID
    name: str
    color: str


class LabelOut(LabelRef):
    """A label; `textColor` is the colour in which words on it can be read."""

    organization_id: UUID
    description: str
    text_color: str
    created_at: Moment
    updated_at: Moment


class NewLabel(Schema):
    """A label to make; `color` is `#` and six hexadecimal digits."""

    name: LabelName
    color: Colour
    description: LabelDescription = ""


class LabelChange(Schema):
    """What to change of a label; what is missing stays."""

    name: LabelName | None = None
    color: Colour | None = None
    description: LabelDescription | None = None


class LabelIds(Schema):
    """Which labels a request bears, all of them."""

    label_ids: list[UUID]


class LabelId(Schema):
    """A label to put on a request."""

    label_id: UUID


class LabelToggle(LabelId):
    """A label put on a request or taken off, as a form sends it."""

    on: bool
