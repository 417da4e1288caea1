"""The real installations that these tests start and hurt."""

from tests.support.installation import install, installation  # noqa: F401 - fixtures
