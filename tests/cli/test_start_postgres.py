"""The Postgres that the tests run on is real, and is nobody's but theirs."""

import subprocess

from tests.support.postgres import Postgres


def test_answers_as_a_real_server(postgres_url: str) -> None:
    import psycopg

    with psycopg.connect(postgres_url) as connection:
        version = connection.execute("SHOW server_version_num").fetchone()

    assert int(version[0]) >= 130000


def test_gives_each_caller_an_empty_database(postgres: Postgres) -> None:
    import psycopg

    for _ in range(2):
        with psycopg.connect(postgres.create("ada")) as connection:
            connection.execute("CREATE TABLE wishes (id int)")
            tables = connection.execute(
                "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
            ).fetchone()
        assert tables == (1,)


def test_runs_without_rights(postgres: Postgres) -> None:
    owner = subprocess.run(
        ["stat", "-c", "%u", postgres.folder / "data"], capture_output=True, text=True, check=True
    ).stdout.strip()

    assert owner != "0"
