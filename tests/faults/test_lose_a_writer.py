"""Specs are being written while their worker is killed: each is finished, and none is written twice."""

import json

import pytest

from tests.faults.house import PROMISE, House
from tests.support.installation import wait_until

pytestmark = pytest.mark.real

IDEA = "\n".join(f"- Guests can book table {number} and cancel it" for number in range(300))
SPECS = 8


def asked(house: House) -> str:
    answer = house.here.request("POST", "/deep-spec", {"input": IDEA, "async": True})
    assert answer.status == 200, answer.text
    return str(answer.json["specId"])


def state(house: House, spec: str) -> str:
    return str(house.here.request("GET", f"/spec-status/{spec}").json["status"])


def test_a_spec_outlives_its_worker(house: House) -> None:
    specs = [asked(house) for _ in range(SPECS)]
    wait_until(lambda: "processing" in {state(house, spec) for spec in specs}, PROMISE, "one to be begun")

    house.here.kill("worker-quick")

    wait_until(
        lambda: {state(house, spec) for spec in specs} == {"completed"}, 2 * PROMISE, "all to be written"
    )
    house.await_truth()
    rows = house.rows("SELECT id, parts, document FROM specs")
    written = {spec: json.loads(document) for spec, parts, document in rows if len(json.loads(parts)) == 5}
    assert set(specs) <= set(written)
    assert all(len(written[spec]["milestones"]) == len(written[specs[0]]["milestones"]) for spec in specs)
    assert house.rows("SELECT spec_id FROM spec_versions GROUP BY spec_id HAVING count(*) != 1") == []
