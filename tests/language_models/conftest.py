"""Olga, who runs the whole installation, and a language model's endpoint on this machine."""

import json

import pytest

from app.accounts.models import User
from app.accounts.operations import issue_token
from app.core import db
from app.language_models import operations
from tests.support.model_server import ModelServer, model_server, says  # noqa: F401 - one is a fixture

KEY = "sk-very-secret-0123"


@pytest.fixture
def olga(people) -> User:
    """An admin of the whole installation."""
    with db.transaction():
        user = people.make("Olga Operator")
        user.is_admin = True
    return user


@pytest.fixture
def key(olga) -> str:
    """Olga's token, which reaches all organizations."""
    return issue_token(olga)[0]


@pytest.fixture
def address(model_server: ModelServer) -> str:  # noqa: F811 - pytest finds it by its name
    """Where the endpoint of this machine answers."""
    return f"http://127.0.0.1:{model_server.server_port}/v1"


@pytest.fixture
def model(olga, address, model_server) -> ModelServer:  # noqa: F811
    """The endpoint, set up by Olga at 2 dollars for what it reads and 8 for what it writes."""
    operations.set_up(
        by=olga,
        base_url=address,
        model="little",
        key=KEY,
        read_micros=2_000_000,
        written_micros=8_000_000,
    )
    return model_server


def answers(*values: object, **more: object) -> list:
    """Scenes in which the model says these, as JSON."""
    return [says(json.dumps(value), **more) for value in values]
