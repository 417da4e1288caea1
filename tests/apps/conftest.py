"""What tests of apps begin with."""

import pytest

from app.apps import operations, queries
from app.projects.models import Starter
from tests.support.git_client import git, site  # noqa: F401 - fixtures


@pytest.fixture
def make_app(people):
    """Make an app of Bob's in the project."""
    project = people.project()

    def make(name="Shop", *, by=None, starter=Starter.STATIC, **more):
        return operations.create_app(project, by=by or people.bob, name=name, starter=starter, **more)

    make.project = project
    return make


@pytest.fixture
def shop(make_app):
    return make_app()


@pytest.fixture
def main(shop):
    """The default version of the shop."""
    return queries.default_version(shop)
