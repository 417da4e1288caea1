"""What tests of projects begin with."""

from tests.support.git_client import git, site  # noqa: F401 - fixtures
