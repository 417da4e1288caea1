"""Deploy, failed deploy and rollback, while somebody asks for the app fifty times a second and is always answered."""

import pytest

from tests.faults.house import SERVED, House
from tests.support.installation import wait_until
from tests.support.regular import Regular

pytestmark = pytest.mark.real


def test_nobody_sees_a_failed_answer(house: House) -> None:
    project = house.project(SERVED | {"index.html": "one"})
    app_id = house.ask("GET", f"/projects/{project.id}")["appId"]
    regular = Regular(house.here, project.live, key=house.here.key)

    def deploys() -> list[str]:
        rows = house.rows("SELECT status FROM deploys WHERE app_id = ? ORDER BY created_at", app_id)
        return [status for (status,) in rows]

    with regular.asking():
        regular.sees("one")
        house.push(project, "main", {"index.html": "two"})
        regular.sees("two")
        house.push(project, "main", {"index.html": "three", "Procfile": "web: python3 missing.py\n"})
        wait_until(lambda: deploys()[-1] == "failed", 90, "the broken one to fail")
        regular.sees("two")
        assert house.call("POST", f"/apps/{app_id}/rollback").status == 201
        regular.sees("one")

    assert set(regular.answers) == {(200, "one"), (200, "two")}
    assert deploys() == ["replaced", "replaced", "failed", "live"]
    house.await_truth()
