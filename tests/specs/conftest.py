"""Specs for tests: asked for, and written when the bell was heard."""

from collections.abc import Callable

import pytest

from app.core.db import session
from app.specs import operations as specs
from app.specs.models import Spec, SpecKind
from tests.support.installation import installation  # noqa: F401 - a fixture
from tests.support.people import People

IDEA = """Build a restaurant booking site.

Guests can book a table and cancel it. The owner must see all bookings for today.
"""


@pytest.fixture
def ask(people: People) -> Callable[..., Spec]:
    """Have a spec asked for: `ask(by=people.rae, project=project)`."""

    def asked(text: str = IDEA, *, by=None, project=None, kind=SpecKind.FAST, **more) -> Spec:
        by = by or people.rae
        return specs.ask_for_spec(people.organization, by=by, project=project, kind=kind, text=text, **more)

    return asked


@pytest.fixture
def written(ask, bell) -> Callable[..., Spec]:
    """Have a spec asked for and written."""

    def done(*arguments, **more) -> Spec:
        spec = ask(*arguments, **more)
        bell.work()
        session.refresh(spec)
        return spec

    return done
