"""With a language model named in the settings, it writes the specs, part by part; nothing it made up is kept."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.core import db
from app.core.installation import configure, installation
from app.organizations.operations import count_usage
from app.specs.models import SpecKind, SpecStatus
from tests.support.model_server import ModelServer, model_server, refuses, says  # noqa: F401 - one is a fixture

SUMMARY = {
    "title": "Restaurant bookings",
    "executiveSummary": "Guests book tables.",
    "coreFunctionalities": [{"name": "Book", "description": "A table.", "priority": "High"}],
}
STORY = {
    "title": "Book a table",
    "role": "guest",
    "want": "book a table",
    "benefit": "there is one",
    "size": "M",
    "criteria": ["A guest can book a table"],
    "subTasks": [{"kind": "DB", "description": "Keep bookings", "size": "S"}],
}
STORIES = {"milestones": [{"description": "Bookings", "stories": [STORY]}]}
PEOPLE = {"personas": [{"title": "Guest", "description": "Books."}]}
TECHNOLOGY = {
    "techStack": [{"name": "Flask", "category": "Backend"}],
    "architecture": {
        "nodes": [
            {"id": "a", "label": "Site", "type": "frontend"},
            {"id": "b", "label": "Store", "type": "databases"},
        ],
        "edges": [{"source": "a", "target": "b"}],
    },
    "userFlow": {"nodes": [{"id": "x", "label": "Start", "level": 0}], "edges": []},
    "entities": [{"name": "booking", "stories": ["US-001"]}],
}
RISKS = {
    "risks": [
        {"description": "Double bookings", "quote": "Guests can book a table and cancel it."},
        {"description": "Invented", "quote": "Nobody ever said this."},
    ]
}
PARTS = [SUMMARY, STORIES, PEOPLE, TECHNOLOGY, RISKS]


@pytest.fixture
def model(app, model_server) -> Iterator[ModelServer]:  # noqa: F811
    """Name the local endpoint in the settings."""
    here = installation()
    url = f"http://127.0.0.1:{model_server.server_port}/v1"
    configure(replace(here, model_url=url, model_key="sk-secret", model_name="little"))
    yield model_server
    configure(here)


def answers(*parts: dict) -> list:
    return [says(json.dumps(part)) for part in parts]


class TestWritten:
    def test_part_by_part_into_one_document(self, model, written):
        model.scenes = answers(*PARTS)

        spec = written(kind=SpecKind.DEEP)

        document = spec.written
        assert spec.status is SpecStatus.COMPLETED
        assert (document.title, document.origin) == ("Restaurant bookings", "Written with little")
        assert [(story.id, story.criteria[0].text) for story in document.stories] == [
            ("US-001", "A guest can book a table")
        ]
        assert [task.id for task in document.stories[0].sub_tasks] == ["ST-001"]
        assert [(each.name, each.known_from) for each in document.tech_stack] == [
            ("Flask", "proposed by the model")
        ]
        assert "Book a table" in model.asked[2]["messages"][1]["content"]  # it knows what is written so far

    def test_without_quotes_that_nobody_said(self, model, written):
        model.scenes = answers(*PARTS)

        assert [risk.description for risk in written().written.risks] == ["Double bookings"]

    def test_a_fast_one_has_no_subtasks(self, model, written):
        model.scenes = answers(*PARTS)

        document = written(kind=SpecKind.FAST).written

        assert document.stories[0].sub_tasks == []
        assert document.entities == []

    def test_a_graph_that_does_not_hold_together_is_asked_for_again(self, model, written):
        loose = TECHNOLOGY | {"userFlow": {"nodes": [], "edges": [{"source": "x", "target": "y"}]}}
        model.scenes = answers(SUMMARY, STORIES, PEOPLE, loose, TECHNOLOGY, RISKS)

        spec = written()

        assert spec.status is SpecStatus.COMPLETED
        assert "names no node" in model.asked[4]["messages"][-1]["content"]

    def test_its_tokens_are_counted(self, model, written, people):
        model.scenes = answers(*PARTS)

        written()

        assert count_usage(people.organization).tokens == 5 * 27


class TestTrouble:
    def test_a_refused_key_fails_with_the_reason_and_keeps_what_was_written(self, model, written):
        model.scenes = [*answers(SUMMARY, STORIES), refuses(401)]

        spec = written()

        assert spec.status is SpecStatus.FAILED
        assert spec.error_message.startswith("The model's endpoint does not take the key.")
        assert "sk-secret" not in spec.error_message
        assert list(spec.parts) == ["summary", "stories"]

    def test_a_busy_endpoint_is_waited_for(self, model, written):
        model.scenes = [refuses(429, Retry_After="0"), *answers(*PARTS)]

        assert written().status is SpecStatus.COMPLETED

    def test_without_a_model_the_text_is_enough(self, written):
        spec = written()

        db.session.refresh(spec)
        assert spec.written.origin.startswith("Written without a language model")
