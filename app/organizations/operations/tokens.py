"""Count what language models use for an organization, and keep it within what it may use."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import case, delete, update

from app.core.clock import now
from app.core.db import session, transaction
from app.organizations import queries
from app.organizations.models import Organization, Period, Role, TokensSetAside, Usage
from app.organizations.operations.usage import LimitReached, this_month

LONGEST_ASKING = timedelta(minutes=15)
_NAMED = 3


class TokensUsedUp(LimitReached):
    """What an organization may have of a language model in this month is used, or not enough is left."""

    type = "tokens_used_up"


def tokens_left(organization: Organization) -> int | None:
    """Return what an organization may still use of a language model in this month; None for no limit."""
    most = organization.tokens_per_month
    if most is None:
        return None
    used = queries.tokens_used(organization.id, Period.current().start)
    return max(0, most - used - queries.tokens_aside(organization.id, now()))


def set_tokens_aside(organization_id: UUID, tokens: int) -> UUID:
    """Keep as many tokens for one asking as it may take, or refuse it where fewer are left."""
    with transaction():
        queries.hold(organization_id)
        organization = session.get_one(Organization, organization_id, populate_existing=True)
        left = tokens_left(organization)
        if left is not None and left < tokens:
            raise _used_up(organization, left, tokens)
        kept = TokensSetAside(organization_id=organization_id, tokens=tokens, until=now() + LONGEST_ASKING)
        session.add(kept)
    return kept.id


def note_model_use(
    organization_id: UUID,
    *,
    tokens: int,
    cost_micros: int = 0,
    currency: str = "",
    set_aside: UUID | None = None,
) -> None:
    """Add what a language model used to this month, and let go of what was set aside for it.

    The cost is in millionths of one currency; with another one it begins anew.
    """
    with transaction():
        kept = this_month(organization_id)
        before = case((Usage.currency.in_({"", currency}), Usage.cost_micros), else_=0)
        more = {
            "token_usage": Usage.token_usage + tokens,
            "cost_micros": before + cost_micros if currency else Usage.cost_micros + cost_micros,
            "currency": currency or Usage.currency,
        }
        session.execute(update(Usage).where(Usage.id == kept.id).values(more))
        if set_aside is not None:
            over = (TokensSetAside.id == set_aside) | (TokensSetAside.until < now())
            session.execute(
                delete(TokensSetAside).where(TokensSetAside.organization_id == organization_id, over)
            )


def _used_up(organization: Organization, left: int, tokens: int) -> TokensUsedUp:
    admins = [person.name for person in queries.people_with_role(organization.id, Role.ADMIN)][:_NAMED]
    most = organization.tokens_per_month
    has = f"{left} are left, and this may take {tokens}" if left else "none are left"
    return TokensUsedUp(
        f"{organization.name} may use {most} tokens of the language model in a month: {has}.",
        suggestion=f"It goes on next month. {' or '.join(admins) or 'An admin'} can raise the limit before.",
    )
