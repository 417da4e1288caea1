"""Deploy, failed deploy and rollback, while somebody asks for the app fifty times a second and is always answered."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.faults.house import SERVED, House, Project
from tests.support.installation import wait_until

pytestmark = pytest.mark.real
PACE = 1 / 50


class Visitor:
    """Asks again and again, and keeps what came back."""

    def __init__(self, house: House, project: Project) -> None:
        self.answers: Counter[tuple[int, str]] = Counter()
        self._house, self._project = house, project
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._ask)

    def _ask(self) -> None:
        while not self._over.wait(PACE):
            answer = self._house.here.open(self._project.live)
            self.answers[answer.status, answer.text.strip()[:200]] += 1

    @contextmanager
    def asking(self) -> Iterator[None]:
        self._thread.start()
        try:
            yield
        finally:
            self._over.set()
            self._thread.join(30)

    def sees(self, text: str) -> None:
        """Wait until what is asked for says this, and goes on saying it."""
        before = self.answers[200, text]
        wait_until(lambda: self.answers[200, text] > before + 25, 60, f"{text} to be seen")


def test_nobody_sees_a_failed_answer(house: House) -> None:
    project = house.project(SERVED | {"index.html": "one"})
    app_id = house.ask("GET", f"/projects/{project.id}")["appId"]
    visitor = Visitor(house, project)

    def deploys() -> list[str]:
        rows = house.rows("SELECT status FROM deploys WHERE app_id = ? ORDER BY created_at", app_id)
        return [status for (status,) in rows]

    with visitor.asking():
        visitor.sees("one")
        house.push(project, "main", {"index.html": "two"})
        visitor.sees("two")
        house.push(project, "main", {"index.html": "three", "Procfile": "web: python3 missing.py\n"})
        wait_until(lambda: deploys()[-1] == "failed", 90, "the broken one to fail")
        visitor.sees("two")
        assert house.call("POST", f"/apps/{app_id}/rollback").status == 201
        visitor.sees("one")

    assert set(visitor.answers) == {(200, "one"), (200, "two")}
    assert deploys() == ["replaced", "replaced", "failed", "live"]
    house.await_truth()
