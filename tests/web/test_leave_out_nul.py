"""A NUL in an address or a form is answered in words: no database of ours would take it."""

import pytest

from app.core.db import session
from app.requests.models import ProductRequest


def test_an_address_with_a_nul_leads_nowhere(browse, people):
    assert browse(people.rae).get("/ac%00me").status_code == 404


@pytest.mark.parametrize("path", ["/search?q=%00", "/acme/website?q=a%00b"])
def test_a_question_with_a_nul_is_refused(browse, people, path):
    people.project()

    answer = browse(people.rae).get(path)

    assert answer.status_code == 422
    assert "NUL" in answer.text


def test_a_form_with_a_nul_comes_back(browse, people):
    project = people.project()

    answer = browse(people.rae).send("POST", f"{project.path}/requests", data={"title": "More\x00 light"})

    assert answer.status_code == 422
    assert "Leave out the character NUL." in answer.text
    assert session.query(ProductRequest).count() == 0


def test_an_answer_of_the_api_names_the_place(api, people):
    project = people.project()

    answer = api(
        "POST",
        f"/projects/{project.id}/requests",
        people.key(people.rae),
        json={"title": "More light", "description": "a\x00b"},
    )

    assert answer.status_code == 422
    assert [each["loc"] for each in answer.json["errors"]] == [["body", "description"]]
