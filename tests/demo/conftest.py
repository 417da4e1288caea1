import pytest

from app.demo import operations as demos


@pytest.fixture
def sample(people, bell):
    """Ada's sample, as far as it goes without anybody's help."""
    demo = demos.look_around(people.organization, by=people.ada)
    bell.work(300)
    return demo
