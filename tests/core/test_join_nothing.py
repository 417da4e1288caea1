"""What is seldom found is looked for without joins; what is asked to come along comes for all rows at once."""

import pytest
from sqlalchemy import event, inspect, select

from app.core import db
from app.core.db import bare, session
from app.projects.models import Project
from app.requests.models import ProductRequest


@pytest.fixture
def statements(people):
    """The statements from here on, none of them answered from what is loaded already."""
    for name in ("Website", "Shop"):
        people.request(people.project(name))
    session.expunge_all()
    said: list[str] = []

    def hear(_connection, _cursor, statement, *_):
        said.append(statement)

    event.listen(db.current_engine(), "before_cursor_execute", hear)
    yield said
    event.remove(db.current_engine(), "before_cursor_execute", hear)


def test_models_join_but_a_bare_look_does_not(statements):
    session.scalars(select(ProductRequest)).all()
    session.expunge_all()
    found = session.scalars(select(ProductRequest).options(*bare())).all()
    joins = [statement.count(" JOIN ") for statement in statements if "FROM requests" in statement]
    assert joins[0] > 1
    assert joins[1] == 0
    assert all("project" not in inspect(each).dict for each in found)


def test_a_path_comes_along_for_all_rows_at_once(statements):
    found = session.scalars(select(ProductRequest).options(*bare(ProductRequest.project))).all()
    assert {each.project.name for each in found} == {"Website", "Shop"}
    assert [" JOIN " in each for each in statements if each.startswith("SELECT")] == [False, False]
    assert all("organization" not in inspect(each.project).dict for each in found)


def test_the_rest_is_read_when_it_is_asked_for(people, statements):
    found = session.scalars(select(Project).options(*bare())).all()
    assert {each.organization.id for each in found} == {people.organization.id}
