"""Every operation of apps that programs count on: it works, it says what it cannot do, it is nothing to a stranger."""

import pytest

from tests.apps.rows import ROWS
from tests.apps.walk import Here, filled, look_anew
from tests.architecture.operations import promised

PROMISED = {f"{method} {path}" for family, method, path, _ in promised() if family == "apps"}


def test_no_operation_is_left_out():
    assert set(ROWS) == PROMISED


@pytest.mark.parametrize("name", ROWS)
def test_an_operation(people, api, bell, name):
    row, here, method = ROWS[name], Here(people, bell), name.split()[0]

    def call(by, path, body):
        key = people.key(getattr(people, by), organization=people.elsewhere if by == "eve" else None)
        sent = {"data": body(here)} if callable(body) else {"json": body}
        return api(method, path, key, **({} if body is None else sent))

    bad_path, bad_body, bad_status = filled(row.bad, here)
    path, body = filled((row.path, row.body), here)
    before = here.stands()

    strange = call("eve", path, body)
    refused = call(row.by, bad_path or path, bad_body)

    assert strange.status_code == row.stranger
    assert strange.status_code == 404 or "domains/ask" in path or strange.json["data"] == []
    assert refused.status_code == bad_status, refused.json
    assert refused.json["message"]
    assert here.stands() == before

    answer = call(row.by, path, body)

    assert answer.status_code == row.status, answer.json
    look_anew()
    assert row.left(here, answer)
