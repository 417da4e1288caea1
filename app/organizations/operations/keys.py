"""Keys for one of a person's organizations."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from app.accounts.models import ApiKey, User
from app.accounts.operations import create_api_key
from app.core.db import session
from app.core.errors import Invalid, NotAllowed
from app.organizations import queries


def make_key(
    *,
    by: User,
    name: str,
    scopes: Sequence[str],
    organization_id: UUID | None = None,
    expires_at: datetime | None = None,
    at_most: Collection[str],
) -> tuple[ApiKey, str]:
    """Make a key for one of a person's organizations, by default their only one; returns it and its secret.

    `at_most` is what the caller may: a key makes no key that can do more than itself.
    """
    organizations = session.scalars(queries.organizations_of(by)).all()
    fitting = [one.id for one in organizations if organization_id in {None, one.id}]
    if len(fitting) != 1:
        raise Invalid.field(
            "organizationId", "Choose one of the organizations you belong to.", type="missing"
        )
    beyond = sorted(set(scopes) - set(at_most))
    if beyond:
        raise NotAllowed(f"This key cannot make one with the scope `{beyond[0]}`, which it does not have.")
    return create_api_key(by, organization_id=fitting[0], name=name, scopes=scopes, expires_at=expires_at)
