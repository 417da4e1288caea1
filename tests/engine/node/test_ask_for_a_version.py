"""A project that asks for a version of Node.js gets that one, or reads in words why not."""

import pytest

from app.core.errors import Failed
from app.engine.builds import languages
from app.engine.plans import plan_for
from app.engine.sandbox import bubblewrap

FILES = {"package.json": b'{"scripts": {"start": "node server.js"}}', "server.js": b""}


def plan(asked, files=FILES):
    return plan_for(files, files.__getitem__, wishes={"node": asked})


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine whose Node.js says that it is 22.11.0."""
    program = tmp_path / "node"
    program.write_text("#!/bin/sh\necho v22.11.0\n")
    program.chmod(0o755)
    monkeypatch.setattr(bubblewrap, "tools", lambda: {"node": program})


@pytest.mark.parametrize("asked", ["22", "22.11", "22.11.0", None])
def test_gets_the_one_that_is_there(machine, asked):
    said: list[str] = []

    languages.find_tools(plan(asked), said.append)

    assert said == []
    assert plan(asked).node == asked


@pytest.mark.parametrize("asked", ["2", "20", "22.1", "22.11.1"])
def test_reads_why_it_gets_no_other(machine, asked):
    with pytest.raises(Failed) as refused:
        languages.find_tools(plan(asked), print)

    assert refused.value.code == "other_node"
    assert refused.value.message == f"This app asks for Node.js {asked}, and this server builds with 22.11.0."
    assert "Set the app's version of Node to 22, or leave it empty" in refused.value.suggestion


def test_is_not_asked_where_no_node_is_needed(machine):
    said: list[str] = []

    languages.find_tools(plan("20", {"Procfile": b"web: python3 serve.py"}), said.append)

    assert said == []
