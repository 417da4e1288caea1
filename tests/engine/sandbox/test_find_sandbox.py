"""Ada's server says which sandbox it has, and refuses pushed code where it has none."""

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.errors import Failed
from app.core.installation import Installation, Limits, configure, installation
from app.engine.sandbox import Sandbox, bubblewrap, cgroups, facts, probe, require
from app.engine.sandbox.registries import registries


@pytest.fixture
def fresh():
    """Forget what was found out, before and after."""
    for cached in (facts.probe, bubblewrap.program, bubblewrap.can, bubblewrap._tools_of_machine):
        cached.cache_clear()
    yield
    for cached in (facts.probe, bubblewrap.program, bubblewrap.can, bubblewrap._tools_of_machine):
        cached.cache_clear()


@pytest.fixture
def here(tmp_path):
    """An installation whose settings a test may change."""
    from app.core import installation as module

    before = list(module._here)
    configure(
        Installation(
            home=tmp_path,
            url="http://localhost",
            preview_domain="p",
            secret_key="s",
            database_url="",
            redis_url="",
        )
    )
    yield
    module._here[:] = before


class TestProbe:
    def test_says_what_it_found(self, fresh, walled):
        assert walled == Sandbox(
            "bubblewrap", "bubblewrap is installed and works.", cgroups.hierarchies().version
        )

    def test_says_how_to_get_one(self, fresh, monkeypatch):
        monkeypatch.setattr(bubblewrap, "program", lambda: None)

        assert (
            facts.probe.__wrapped__().reason
            == "bubblewrap is not installed (on Debian and Ubuntu: apt install bubblewrap)."
        )

    def test_one_that_is_too_old(self, walled, monkeypatch):
        monkeypatch.setattr(bubblewrap, "version", lambda: (0, 4, 1))

        found = facts.probe.__wrapped__()

        assert (found.kind, found.reason) == ("none", "bubblewrap 0.4.1 is too old; 0.5 or newer is needed.")

    def test_one_that_does_not_work(self, fresh, walled, monkeypatch, tmp_path):
        broken = tmp_path / "bwrap"
        broken.write_text(
            "#!/bin/sh\n[ $1 = --version ] && exec echo bubblewrap 0.8.0\necho 'bwrap: no way' >&2; exit 1\n"
        )
        broken.chmod(0o755)
        monkeypatch.setattr(bubblewrap, "program", lambda: str(broken))

        found = facts.probe.__wrapped__()

        assert found.kind == "none"
        assert "bwrap: no way" in found.reason


class TestRequire:
    def test_refuses_without_walls(self, here, monkeypatch):
        monkeypatch.setattr(facts, "probe", lambda: Sandbox("none", "bubblewrap is not installed.", "none"))

        with pytest.raises(Failed) as caught:
            require()

        assert caught.value.code == "no_sandbox"
        assert "bubblewrap is not installed." in caught.value.message
        assert "GREENROOM_UNSANDBOXED=1" in caught.value.suggestion

    def test_gives_way_to_the_operator(self, here, monkeypatch):
        monkeypatch.setattr(facts, "probe", lambda: Sandbox("none", "", "none"))
        configure(replace(installation(), unsandboxed=True))

        assert require().kind == "none"

    def test_prefers_walls_all_the_same(self, here, walled):
        configure(replace(installation(), unsandboxed=True))

        assert require() == probe()


class TestGroups:
    def test_those_of_launchers_that_are_gone_are_removed(self):
        where = cgroups.hierarchies()
        if where.memory is None:
            pytest.skip("this machine lets us make no groups")
        gone = subprocess.run(["true"], check=True) and _a_number_of_nobody()
        left = where.memory / f"greenroom-{gone}-x"
        left.mkdir()

        cgroups.Group(Limits()).close()

        assert not left.exists()


def _a_number_of_nobody() -> int:
    highest = int(Path("/proc/sys/kernel/pid_max").read_text())
    return next(number for number in range(highest - 1, 1, -1) if not Path(f"/proc/{number}").exists())


class TestRegistries:
    @pytest.fixture
    def home(self, tmp_path, monkeypatch):
        for name in list(os.environ):
            if name.upper().startswith(
                ("PIP_", "UV_", "NPM_", "SSL_", "NODE_", "REQUESTS_", "CURL_", "GIT_SSL")
            ):
                monkeypatch.delenv(name)
        monkeypatch.setenv("HOME", str(tmp_path))
        return tmp_path

    def test_what_the_tools_use_by_themselves_is_always_known(self, home):
        from pip._internal.models.index import PyPI

        assert {(PyPI.netloc, 443), (PyPI.file_storage_domain, 443)} <= registries().hosts

    def test_variables_by_name_and_no_others(self, home, monkeypatch):
        certificates = home / "ca.pem"
        certificates.touch()
        monkeypatch.setenv("PIP_INDEX_URL", "https://ada:pw@pypi.corp:8443/simple")
        monkeypatch.setenv("UV_INDEX", "own=https://uv.corp/simple")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificates))
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere.pem")
        monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "file:///opt/wheels")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")

        found = registries()

        assert found.env["PIP_INDEX_URL"] == "https://ada:pw@pypi.corp:8443/simple"
        assert found.env["SSL_CERT_FILE"] == str(certificates)
        assert certificates in found.files
        assert not {"REQUESTS_CA_BUNDLE", "PIP_EXTRA_INDEX_URL", "AWS_SECRET_ACCESS_KEY"} & set(found.env)
        assert {("pypi.corp", 8443), ("uv.corp", 443)} <= found.hosts

    def test_the_files_of_pip_and_npm_without_their_tokens(self, home):
        (home / ".config/pip").mkdir(parents=True)
        (home / ".config/pip/pip.conf").write_text(
            "[global]\nindex-url = http://pip.corp/simple\nfind-links = /opt\n"
        )
        (home / ".npmrc").write_text("registry=https://npm.corp/\n//npm.corp/:_authToken=secret\n; x\n")

        found = registries()

        assert found.env["PIP_INDEX_URL"] == "http://pip.corp/simple"
        assert found.env["npm_config_registry"] == "https://npm.corp/"
        assert "secret" not in str(found)
        assert {("pip.corp", 80), ("npm.corp", 443)} <= found.hosts

    def test_broken_files_are_passed_over(self, home):
        (home / ".pip").mkdir()
        (home / ".pip/pip.conf").write_bytes(b"\xff\xfe[")
        (home / ".npmrc").write_bytes(b"\xff")

        assert "PIP_INDEX_URL" not in registries().env
