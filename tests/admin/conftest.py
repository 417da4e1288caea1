"""Olga, who runs the whole installation and belongs to no organization."""

import pytest

from app.accounts.models import User
from app.core import db


@pytest.fixture
def olga(people) -> User:
    """An admin of the whole installation."""
    with db.transaction():
        user = people.make("Olga Operator")
        user.is_admin = True
    return user


@pytest.fixture
def key(people, olga) -> str:
    """Olga's key for Acme, which she oversees without being a member."""
    return people.key(olga)
