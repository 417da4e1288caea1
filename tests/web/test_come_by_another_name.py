"""A browser that came by a number is led to the name that cookies and forms belong to."""

import pytest

from app.config import Settings
from app.core import db, installation
from app.factory import create_app


@pytest.fixture
def local(tmp_path, app):
    kept, kept_app = installation.installation(), db._app[0]
    made = create_app(Settings.model_validate({"GREENROOM_HOME": tmp_path, "testing": True}))
    yield made.test_client()
    with made.app_context():
        db.db.engine.dispose()
    installation.configure(kept)
    db._app[:] = [kept_app]


PAGE = {"Accept": "text/html,*/*"}


def test_a_page_is_asked_for_again_by_its_name(local):
    answer = local.get("/sign-in?next=/x", base_url="http://127.0.0.1:8000", headers=PAGE)

    assert (answer.status_code, answer.location) == (302, "http://localhost:8000/sign-in?next=/x")


def test_programs_and_the_name_itself_are_left_alone(local):
    assert local.get("/healthz", base_url="http://127.0.0.1:8000").status_code == 200
    assert local.get("/design", base_url="http://localhost:8000", headers=PAGE).status_code == 200
