"""A program's poll is answered before Flask is asked, and just as Flask would."""

import pytest


@pytest.fixture
def asked(people, bell, app):
    request = people.request()
    headers = {"Authorization": f"Bearer {people.key(people.bob, 'read')}"}
    address = f"/api/requests/{request.id}/preview/status"
    client = app.test_client()
    client.get(address, headers=headers)  # the first use of a key is noted, the ordinary way
    return client, address, headers


def test_both_ways_say_the_same(asked):
    client, address, headers = asked

    quick = client.get(address, headers=headers)
    ordinary = client.get(f"{address}?ordinary=1", headers=headers)

    assert quick.data == ordinary.data
    for name in ("ETag", "Cache-Control", "Content-Type", "X-Content-Type-Options", "Retry-After"):
        assert quick.headers.get(name) == ordinary.headers.get(name), name


def test_what_is_known_already_is_a_304_without_a_body(asked):
    client, address, headers = asked
    tag = client.get(address, headers=headers).headers["ETag"]

    again = client.get(address, headers={**headers, "If-None-Match": tag})

    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/requests/not-an-id/preview/status", 404),
        ("/api/requests/00000000-0000-7000-8000-000000000000/preview/status", 404),
        ("/api/requests/zzzzzzzz-0000-7000-8000-000000000000/preview/status", 404),
    ],
)
def test_what_is_not_there_goes_the_ordinary_way(asked, address, status):
    client, _, headers = asked

    answer = client.get(address, headers=headers)

    assert (answer.status_code, answer.json["type"]) == (status, "not_found")


def test_a_revoked_key_is_refused_at_once(asked, people):
    from app.accounts import operations as accounts
    from app.accounts import queries as keys
    from app.core.db import session

    client, address, headers = asked
    key = session.scalars(keys.keys_of(people.bob)).first()

    accounts.revoke_api_key(key, by=people.bob)

    assert client.get(address, headers=headers).status_code == 401


def test_a_project_that_is_being_deleted_is_not_there(asked):
    from app.core.clock import now
    from app.core.db import session, transaction
    from app.projects.models import Project

    client, address, headers = asked
    with transaction():
        session.query(Project).one().leaving_at = now()

    assert client.get(address, headers=headers).status_code == 404
