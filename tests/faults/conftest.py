"""One installation for all tests here that leave it whole; those that do not, open their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.house import PACE, House
from tests.support.installation import Installation


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house that heals: swept and reconciled each second."""
    yield from _opened(tmp_path_factory.mktemp("clones"))


@pytest.fixture(scope="session")
def unswept_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house where nobody sweeps."""
    yield from _opened(tmp_path_factory.mktemp("clones"), GREENROOM_SWEEPER="off")


def _opened(clones: Path, **settings: str) -> Iterator[House]:
    here = Installation(settings=PACE | settings)
    try:
        yield House(here, clones).open()
    finally:
        here.remove()
