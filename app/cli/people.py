"""`greenroom admin`, `greenroom api-key` and `greenroom demo`: a way in that needs no page."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from app.core import audit
from app.core.db import session, unit_of_work
from app.core.errors import DomainError
from app.core.installation import installation


def create_admin(*, email: str, password: str, name: str, organization: str | None) -> int:
    """Make an installation admin, and an organization where the person is in none."""
    from app.organizations import operations

    with _at_the_terminal():
        try:
            user = operations.create_admin(
                email=email, password=password, name=name, organization=organization
            )
        except DomainError as trouble:
            return _refuse(trouble)
        print(f"{user.email} is an admin of {installation().url}.")
    return 0


def create_api_key(*, email: str, name: str, scopes: Sequence[str], organization: str | None) -> int:
    """Make a key for a person in one of their organizations and print nothing but the key."""
    from app.accounts.operations import create_api_key as create
    from app.accounts.queries import user_by_email
    from app.organizations.queries import organizations_of

    with _at_the_terminal():
        user = user_by_email(email)
        if user is None:
            return _say(f"Nobody here has the e-mail {email}. `greenroom admin create` makes an account.")
        theirs = session.scalars(organizations_of(user)).all()
        fitting = [one for one in theirs if organization in {None, one.slug, one.name}]
        if len(fitting) != 1:
            names = ", ".join(one.slug for one in theirs) or "none"
            return _say(f"Say which organization the key is for, with --organization SLUG. Theirs: {names}.")
        try:
            _, secret = create(user, organization_id=fitting[0].id, name=name, scopes=scopes)
        except DomainError as trouble:
            return _refuse(trouble)
    print(secret)
    return 0


def make_demo(*, organization: str | None, email: str | None, remove: bool) -> int:
    """Have the sample project made, or taken away, by the workers that run beside this or come next."""
    from app.accounts.queries import first_admin, user_by_email
    from app.demo import operations, queries
    from app.organizations.queries import organizations_of

    with _at_the_terminal():
        user = user_by_email(email) if email else first_admin()
        if user is None:
            who = f"Nobody here has the e-mail {email}." if email else "There is no admin here yet."
            return _say(f"{who} `greenroom admin create` makes one.")
        theirs = session.scalars(organizations_of(user)).all()
        fitting = [one for one in theirs if organization in {None, one.slug, one.name}]
        if len(fitting) != 1:
            names = ", ".join(one.slug for one in theirs) or "none"
            return _say(f"Say which organization shall have it, with --organization. {user.name}'s: {names}.")
        known = queries.demo_of(fitting[0])
        try:
            if not remove:
                operations.look_around(fitting[0], by=user)
            elif known is not None:
                operations.take_away(known, by=user)
        except DomainError as trouble:
            return _refuse(trouble)
    words = "goes away" if remove else "fills within a minute"
    print(f"The sample {words} once Greenroom runs: {installation().url}/{fitting[0].slug}/demo")
    return 0


@contextmanager
def _at_the_terminal() -> Iterator[None]:
    """Open the database for somebody who sits at the server itself, and say so to the audit log."""
    audit.come_from(audit.Origin(audit.Client.COMMAND_LINE))
    with unit_of_work():
        yield


def _refuse(trouble: DomainError) -> int:
    details = [str(error["msg"]) for error in getattr(trouble, "errors", [])]
    return _say(" ".join([trouble.message, *details, trouble.suggestion or ""]).strip())


def _say(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1
