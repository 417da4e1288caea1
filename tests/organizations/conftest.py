"""What the tests of the ways in need."""

import pytest

from app.web.limits import limiter


@pytest.fixture(autouse=True)
def uncounted(app):
    """Begin each test with nobody's attempts counted."""
    limiter.reset()
    yield
    limiter.reset()
