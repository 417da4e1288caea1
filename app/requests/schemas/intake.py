"""The way in for guests, and what they send."""

from typing import Annotated, Self

from pydantic import StringConstraints

from app.accounts.schemas import Email
from app.requests.models import IntakeLink
from app.requests.operations import Lasting
from app.requests.schemas.request import Title
from app.web.schemas import Moment, Schema


class NewIntake(Schema):
    """How long a link for guests is good for."""

    lasting: Lasting = Lasting.ALWAYS


class IntakeOut(Schema):
    """The link for guests of a project; `url` is there only in the answer that makes it."""

    open: bool
    created_at: Moment | None
    expires_at: Moment | None
    last_used_at: Moment | None
    url: str | None = None

    @classmethod
    def of(cls, link: IntakeLink | None, url: str | None = None) -> Self:
        """Show whether guests have a way in."""
        if link is None:
            return cls(open=False, created_at=None, expires_at=None, last_used_at=None)
        return cls(
            open=link.is_open,
            created_at=link.created_at,
            expires_at=link.expires_at,
            last_used_at=link.last_used_at,
            url=url,
        )


class Wish(Schema):
    """What somebody without an account asks for; `website` is a field that no person sees."""

    title: Title
    description: Annotated[str, StringConstraints(max_length=5_000)] = ""
    name: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    email: Email | None = None
    website: Annotated[str, StringConstraints(max_length=500)] = ""
