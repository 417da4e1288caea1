"""What every test may count on: an installation of its own, an empty database, and people."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, text

from app.accounts.operations import people as accounts
from app.config import Settings
from app.core import db, jobs
from app.core.db import Base, unit_of_work
from app.factory import create_app
from tests.support.browser import Browser
from tests.support.mail_server import mail, mail_server  # noqa: F401 - fixtures
from tests.support.people import People
from tests.support.postgres import postgres, postgres_url  # noqa: F401 - fixtures


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def app(home: Path, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """One application for all tests of a process, on SQLite or on the Postgres of the session."""
    url = ""
    if os.environ.get("GREENROOM_TEST_DATABASE") == "postgres":
        url = request.getfixturevalue("postgres_url")
    accounts.hasher = accounts.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    settings = Settings.model_validate(
        {
            "GREENROOM_HOME": home,
            "SECRET_KEY": "a key for tests",
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "GREENROOM_URL": "http://greenroom.test",
            "GREENROOM_PREVIEW_DOMAIN": "preview.greenroom.test",
            "DATABASE_URL": url,
            "testing": True,
        }
    )
    made = create_app(settings)
    with made.app_context():
        if not url:
            event.listen(db.db.engine, "connect", _unsafe_but_quick)
        Base.metadata.create_all(db.db.engine)
    yield made
    with made.app_context():
        db.db.engine.dispose()


def _unsafe_but_quick(connection: object, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")  # type: ignore[attr-defined]


@pytest.fixture
def database(app: Flask) -> Iterator[None]:
    """An open database, emptied afterwards."""
    with unit_of_work():
        yield
        db.session.rollback()
    with unit_of_work(), db.transaction() as session:
        if session.get_bind().dialect.name == "postgresql":
            names = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
            session.execute(text(f"TRUNCATE {names} CASCADE"))
        else:
            for table in reversed(Base.metadata.sorted_tables):
                session.execute(table.delete())


@pytest.fixture
def people(database: None) -> People:
    """Ada (admin and requester), Bob (developer), Vic (viewer) of one organization, and Eve, a stranger."""
    return People()


@pytest.fixture
def browse(app: Flask, database: None):
    """Return a browser for somebody: `browse(ada).get("/")`; without a person, nobody is signed in."""
    return lambda user=None: Browser(app, user)


class Bell:
    """The runs that were rung for; `work()` does them all, as a worker would."""

    def __init__(self) -> None:
        self.runs: list[str] = []

    @property
    def kinds(self) -> list[str]:
        with unit_of_work():
            return [db.session.get(jobs.Run, jobs.UUID(run)).kind for run in self.runs]

    def work(self, most: int = 50) -> int:
        """Do what was rung for, and what that rings for, until it is quiet."""
        done = 0
        while self.runs:
            if done >= most:
                raise AssertionError(f"still ringing after {most} runs: {self.kinds}")
            jobs.perform(self.runs.pop(0))
            done += 1
        db.session.rollback()
        db.session.expire_all()  # see what the jobs committed
        return done


@pytest.fixture
def bell(database: None, monkeypatch: pytest.MonkeyPatch) -> Bell:
    """Hear the queue's bell instead of ringing a server's."""
    heard = Bell()
    monkeypatch.setattr(jobs, "_enqueue", lambda run_id, *_: heard.runs.append(run_id))
    return heard


@pytest.fixture
def api(app: Flask, database: None):
    """Ask the API as a program does: `api("GET", "/projects", key)`; without a key, as nobody."""
    client = app.test_client()

    def ask(method: str, path: str, key: str | None = None, **more: object):
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return client.open(f"/api{path}", method=method, headers=headers, **more)

    return ask


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out of the run on Postgres what opens no database: it says the same there."""
    if os.environ.get("GREENROOM_TEST_DATABASE") != "postgres":
        return
    opens = {"app", "postgres", "postgres_url"}
    kept = [item for item in items if opens & set(getattr(item, "fixturenames", ()))]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept
