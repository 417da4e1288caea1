"""`up --service`: Greenroom stays when the terminal goes, with systemd, launchd or neither."""

import os
import plistlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli.service import environment
from app.cli.service.launchd import Launchd
from app.cli.service.systemd import Systemd
from app.config import Settings
from tests.support.installation import ROOT, parent_of, wait_until

HAS_SYSTEMD = Path("/run/systemd/system").is_dir()


@pytest.fixture
def here(tmp_path: Path):
    return Settings.from_environment({"GREENROOM_HOME": str(tmp_path / "a 100% home")}).installation()


class TestWithoutInitSystem:
    pytestmark = pytest.mark.real

    @pytest.fixture
    def late(self, install):
        if HAS_SYSTEMD or sys.platform == "darwin":
            pytest.skip("this machine has an init system, which a test leaves alone")
        return install(wait=False)

    def test_it_outlives_its_terminal_and_stops_when_asked(self, late) -> None:
        started = late.run("up", "--service")

        assert started.returncode == 0, started.stderr
        assert f"at {late.url}" in started.stdout
        assert "/welcome/" in started.stdout
        assert "somebody has to start Greenroom again" in started.stdout
        pid = int((late.home / "run" / "service.pid").read_text())
        assert os.getsid(pid) == pid  # no terminal's end reaches it
        assert late.get("/healthz", key="").status == 200
        assert f"process {pid}" in late.run("up", "--service", "status").stdout

        stopped = late.run("up", "--service", "stop")

        assert stopped.returncode == 0, stopped.stdout
        wait_until(lambda: parent_of(pid) is None, 5, "the supervisor to be gone")
        assert late.leftovers() == []
        assert late.run("up", "--service", "status").returncode == 1
        assert "is stopped" in stopped.stdout
        assert "Greenroom is at" in late.run("up", "--service", "logs").stdout

    def test_it_starts_again_where_it_was_and_only_once(self, late) -> None:
        late.run("up", "--service")
        first = (late.home / "run" / "service.pid").read_text()
        key = late.admin()

        again = late.run("up", "--service")
        beside = late.run("up")

        assert again.returncode == beside.returncode == 0
        assert "runs already" in again.stdout
        assert "runs already" in beside.stdout
        assert (late.home / "run" / "service.pid").read_text() == first
        late.run("up", "--service", "stop")
        late.run("up", "--service")
        assert late.get("/api/users/me", key=key).status == 200
        removed = late.run("up", "--service", "remove")
        assert removed.returncode == 0
        assert not (late.home / "service.env").exists()
        wait_until(lambda: late.leftovers() == [], 15, "all of it to be gone")

    def test_what_runs_in_a_terminal_is_left_alone(self, late) -> None:
        late.start()

        asked = late.run("up", "--service")

        assert asked.returncode == 1
        assert "Ctrl-C" in asked.stdout
        assert "in a terminal" in late.run("up", "--service", "status").stdout
        assert late.run("up", "--service", "stop").returncode == 1
        assert late.get("/healthz", key="").status == 200

    def test_a_start_that_fails_shows_why(self, late, install) -> None:
        other = install()
        late.port = other.port

        answer = late.run("up", "--service")

        assert answer.returncode == 1
        assert "did not start" in answer.stderr
        assert f"Port {other.port} is taken" in answer.stdout


class TestUnit:
    @pytest.mark.parametrize("of_machine", [True, False])
    def test_systemd_understands_it(self, here, tmp_path: Path, of_machine: bool) -> None:
        unit = Systemd(
            here,
            root=ROOT,
            name="greenroom",
            log=here.logs / "service.log",
            of_machine=of_machine,
            units=tmp_path,
        )
        environment.write(here)
        text = unit.text()

        assert f'ExecStart="{ROOT}/bin/up"' in text
        assert "Restart=always" in text
        assert "a 100%% home/service.env" in text
        assert ("WantedBy=multi-user.target" in text) is of_machine
        assert ("network-online" in text) is of_machine
        if shutil.which("systemd-analyze"):
            unit.unit.write_text(text)
            kind = [] if of_machine else ["--user"]
            read = subprocess.run(
                ["systemd-analyze", *kind, "--man=no", "verify", str(unit.unit)],
                env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)},
                capture_output=True,
                text=True,
                check=False,
            )
            assert "greenroom.service:" not in read.stderr
            assert read.returncode == 0, read.stderr

    def test_launchd_finds_all_it_needs(self, here, tmp_path: Path) -> None:
        agent = Launchd(here, root=ROOT, name="greenroom", log=here.logs / "service.log", lists=tmp_path)

        told = plistlib.loads(agent.content())

        assert told["ProgramArguments"] == [f"{ROOT}/bin/up"]
        assert told["KeepAlive"] is told["RunAtLoad"] is True
        assert told["EnvironmentVariables"]["GREENROOM_HOME"] == str(here.home)
        assert agent.list == tmp_path / "dev.greenroom.greenroom.plist"


class TestEnvironment:
    def test_the_service_gets_the_settings_and_the_way_out_and_nothing_else(self, here) -> None:
        given = environment.wanted(
            {
                "GREENROOM_PORT": "9000",
                "DATABASE_URL": "postgresql://u:p@h/d",
                "HTTPS_PROXY": "http://proxy:3128",
                "npm_config_registry": "http://registry/",
                "PATH": "/usr/bin",
                "AWS_SECRET_ACCESS_KEY": "not ours",
                "EDITOR": "vi",
            },
            here,
        )

        assert set(given) == {
            *(
                "GREENROOM_PORT",
                "GREENROOM_HOME",
                "DATABASE_URL",
                "HTTPS_PROXY",
                "npm_config_registry",
                "PATH",
            )
        }

    def test_it_is_kept_from_everybody_else(self, here, monkeypatch) -> None:
        monkeypatch.setenv("SECRET_KEY", 'quoted "twice" \\ and $HOME')

        environment.write(here)

        kept = environment.path(here)
        assert kept.stat().st_mode & 0o777 == 0o600
        assert 'SECRET_KEY="quoted \\"twice\\" \\\\ and $HOME"\n' in kept.read_text()

    def test_a_second_installation_has_a_name_of_its_own(self, here) -> None:
        ordinary = Settings.from_environment({"GREENROOM_HOME": str(ROOT / "var")})

        assert environment.name_of(here, ROOT).startswith("greenroom-")
        assert environment.name_of(ordinary, ROOT) == "greenroom"
