"""The migrations lead up and down, and say what the models say."""

import pytest
from sqlalchemy import inspect, text

from app.accounts.models import User
from app.cli import migrate
from app.config import Settings
from app.core import search
from app.core.db import Base, db
from app.factory import create_app
from app.notifications.models import Notification
from app.organizations.models import Organization
from app.projects.models import Project


@pytest.fixture
def fresh(tmp_path, app):
    """An application on a database with nothing in it; the suite's own one is put back afterwards."""
    from app.core import db as database
    from app.core import installation

    kept, kept_app = installation.installation(), database._app[0]
    url = ""
    with kept_app.app_context():
        if db.engine.dialect.name == "postgresql":
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("DROP SCHEMA IF EXISTS migrating CASCADE"))
                connection.execute(text("CREATE SCHEMA migrating"))
            own = db.engine.url.render_as_string(hide_password=False)
            url = f"{own}{'&' if '?' in own else '?'}options=-csearch_path%3Dmigrating"
    made = create_app(
        Settings.model_validate({"GREENROOM_HOME": tmp_path, "DATABASE_URL": url, "testing": True})
    )
    with made.app_context():
        yield made
        db.engine.dispose()
    installation.configure(kept)
    database._app[:] = [kept_app]


def test_leads_up_to_just_what_the_models_say(fresh):
    migrate.upgrade(fresh)

    migrate.check(fresh)
    assert set(Base.metadata.tables) <= set(inspect(db.engine).get_table_names())


def test_makes_the_index_that_words_are_found_by(fresh):
    migrate.upgrade(fresh)

    with db.engine.begin() as connection:
        assert search.set_up(connection) is False  # all of it is there already


def test_makes_the_index_anew_where_a_table_was_written_anew(fresh):
    migrate.upgrade(fresh)
    with db.engine.begin() as connection:
        where = "" if connection.dialect.name == "sqlite" else " ON activities"
        (lost, *_) = (name for name in search.index._names(connection) if "comment" in name)
        connection.execute(text(f"DROP TRIGGER {lost}{where}"))

    migrate.upgrade(fresh)

    with db.engine.begin() as connection:
        assert lost in search.index._names(connection)


def test_leads_down_to_nothing_and_up_again(fresh):
    migrate.upgrade(fresh)
    migrate.downgrade(fresh, "base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}

    migrate.upgrade(fresh)
    assert "requests" in inspect(db.engine).get_table_names()


def test_moves_projects_that_pages_of_their_organization_hide(fresh):
    migrate.upgrade(fresh)
    place, owner = Organization(name="Acme", slug="acme"), User(email="ada@example.com", name="Ada")
    hidden = {name: _project(place, name) for name in ("specs", "specs-project", "website")}
    told = [
        Notification(kind="live", text="Told", path=path)
        for path in ("/acme/specs/requests/1", "/acme/website/requests/1", "/acme/members")
    ]
    db.session.add_all([place, owner, *hidden.values()])
    db.session.flush()
    for each in told:
        each.user_id, each.organization_id = owner.id, place.id
    db.session.add_all(told)
    db.session.commit()
    migrate.downgrade(fresh, "0025-1")

    migrate.upgrade(fresh)

    db.session.expire_all()
    assert [hidden[name].slug for name in hidden] == ["specs-project-2", "specs-project", "website"]
    assert [each.path for each in told] == [
        "/acme/specs-project-2/requests/1",
        "/acme/website/requests/1",
        "/acme/members",
    ]


def _project(place: Organization, slug: str) -> Project:
    return Project(
        organization=place,
        name=slug,
        slug=slug,
        host_label=slug,
        default_agent="outline",
        default_branch="main",
    )
