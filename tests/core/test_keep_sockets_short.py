"""Sockets stand where the kernel can name them, and where nobody else can put one in our place."""

import os
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.installation import Installation


@pytest.fixture
def deep(tmp_path, monkeypatch):
    """An installation whose home is too deep for a socket's name, with a temporary folder of its own."""
    short = Path(tempfile.mkdtemp(prefix="gr-", dir="/tmp"))
    monkeypatch.setattr(tempfile, "tempdir", str(short))
    made = Installation(
        home=tmp_path, url="", preview_domain="", secret_key="", database_url="", redis_url=""
    )
    yield replace(made, home=tmp_path / ("deep" * 30))
    for path in short.iterdir():
        path.rmdir()
    short.rmdir()


def test_a_deep_home_gets_a_short_folder_of_its_own(deep):
    assert len(str(deep.keeper_socket)) < 100
    assert deep.run.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_somebody_else_is_not_used(deep):
    os.chown(deep.run, 65534, 65534)

    with pytest.raises(RuntimeError, match="belongs to somebody else"):
        deep.run  # noqa: B018 - asking for it is the deed
