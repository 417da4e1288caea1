"""A real installation, a real Chromium, and people in front of it."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.journeys.visitor import PATIENCE, Visitor
from tests.support.installation import Installation, install  # noqa: F401 - a fixture

DESKTOP, PHONE = ((1280, 800), "light"), ((360, 740), "dark")


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path:
        pytest.skip("no Chromium here: set CHROMIUM or install it")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Visitor]]:
    """Return a way for people to come: `visit(installation, "Rae Requester", PHONE)`; no page may have troubled any."""
    came: list[Visitor] = []
    places: list[Installation] = []

    def arrive(
        here: Installation, name: str, window: tuple[tuple[int, int], str] = DESKTOP, **more: bool
    ) -> Visitor:
        places.append(here)
        came.append(Visitor(chromium, here.url, name, size=window[0], theme=window[1], **more))
        return came[-1]

    yield arrive
    for visitor in came:
        visitor.context.close()
    troubles = [trouble for visitor in came for trouble in visitor.troubles]
    if troubles:
        troubles += [
            mistake for here in {id(here): here for here in places}.values() for mistake in here.mistakes()
        ]
    assert troubles == [], "\n".join(troubles)


@pytest.fixture(scope="package")
def installation() -> Iterator[Installation]:
    """One running installation that Ada administers; the tests share it, each in a project of its own."""
    here = Installation()
    try:
        here.start().admin()
        yield here
    finally:
        here.remove()
