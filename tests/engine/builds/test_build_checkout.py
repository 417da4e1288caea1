"""Bob's checkout becomes something that can be served, or Ada reads in plain words why not."""

import os
import time
from types import SimpleNamespace

import psutil
import pytest

from app.core.errors import Cancelled, Failed
from app.engine import node
from app.engine.builds import languages
from app.engine.plans import Plan
from app.engine.sandbox import Socket, Work, measure, spawn

SERVER = """
import http.server, os
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(os.environ["GREETING"].encode())
http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Page).serve_forever()
"""


class TestStatic:
    def test_plain_files_run_nothing(self, bench, monkeypatch):
        bench.put({"site/index.html": "<h1>hi</h1>"})
        monkeypatch.setattr("app.engine.builds.steps.run", None)

        built = bench.build(Plan(kind="static", output="site"))

        assert (built.serve, built.directory) == ("static", (bench.folder / "site").resolve())
        assert bench.reports == []

    def test_what_a_command_writes_is_served(self, bench, sandbox):
        plan = Plan(
            kind="custom", build='mkdir out && echo "<h1>$NAME</h1>" > out/index.html', output="out", spa=True
        )

        built = bench.build(plan, env={"NAME": "Ada"})

        assert (built.directory / "index.html").read_text() == "<h1>Ada</h1>\n"
        assert built.spa
        assert [phase for phase, _, _ in bench.reports] == ["building"]
        assert "==> Building: mkdir out" in bench.log

    def test_a_folder_of_the_repository(self, bench, sandbox):
        bench.put({"web/page.txt": "hi"})

        built = bench.build(
            Plan(kind="custom", root="web", build="mkdir dist; cp page.txt dist/index.html", output="dist")
        )

        assert built.directory == (bench.folder / "web/dist").resolve()

    def test_another_output_than_was_said_is_found_and_told(self, bench, sandbox):
        built = bench.build(Plan(kind="vite", build="mkdir build; echo hi > build/index.html", output="dist"))

        assert built.directory.name == "build"
        assert "There is no dist/, but build/ has an index.html" in bench.log

    def test_no_output_at_all(self, bench, sandbox):
        with pytest.raises(Failed) as caught:
            bench.build(Plan(kind="vite", build="true", output="dist"))

        assert caught.value.code == "no_output"
        assert "[build] output" in caught.value.suggestion

    @pytest.mark.parametrize("trick", ["ln -s /etc out", "ln -s .. out", "ln -s ../.. out", "ln -s out out"])
    def test_an_output_that_leads_elsewhere(self, bench, trick):
        with pytest.raises(Failed) as caught:
            bench.build(Plan(kind="custom", build=trick, output="out"))

        assert caught.value.code == "no_output"

    def test_links_out_of_the_output_are_not_served(self, bench):
        secret = bench.folder.parent / "secret"
        secret.write_text("ours")
        command = (
            f"mkdir -p out/a && cd out && echo hi > index.html && ln -s index.html home.html && ln -s {secret} s"
            " && ln -s /etc a/etc && ln -s ../../.. a/up && mkfifo pipe"
        )

        built = bench.build(Plan(kind="custom", build=command, output="out"))

        left = {str(path.relative_to(built.directory)) for path in built.directory.rglob("*")}
        assert left == {"a", "index.html", "home.html"}
        assert "pipe is not served" in bench.log


class TestProcess:
    def test_what_was_built_can_be_run_as_it_says(self, bench, sandbox, tmp_path_factory):
        bench.put({"app/server.py": SERVER})
        plan = Plan(kind="python", root="app", run="python3 server.py", env={"GREETING": "hello"})

        built = bench.build(plan, env={"GREETING": "welcome"})

        path = tmp_path_factory.mktemp("s") / "s"
        work = Work(
            command=built.command,
            folder=built.folder,
            env=built.env,
            listen=Socket(path, built.port),
            forever=True,
        )
        process = spawn(work, on_line=print, within=sandbox)
        assert _get(path).endswith("welcome")
        process.kill()
        assert process.wait(10).ended == "cancelled"

    def test_the_seed_runs_last_and_stays(self, bench, sandbox):
        plan = Plan(kind="python", build="echo built > data", seed="echo seeded >> data", run="true")

        bench.build(plan)

        assert (bench.folder / "data").read_text() == "built\nseeded\n"


class TestPython:
    def test_packages_are_installed_where_the_app_finds_them(self, bench, sandbox):
        package = "[build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n[project]\nname = 'greet'\nversion = '1'\n"
        bench.put({"greet/pyproject.toml": package, "greet/backend.py": BACKEND})
        plan = Plan(
            kind="python",
            install="pip install --no-index ./greet",
            seed="python -c 'import greet; print(greet.WORD)'",
            run="python x.py",
        )

        bench.build(plan)

        assert "\nhello from a package\n" in bench.log
        assert (bench.folder / ".venv/bin/python").exists()
        assert (bench.cache / "packages").is_dir()

    @pytest.fixture
    def no_uv(self, monkeypatch):
        tools = {name: path for name, path in languages.bubblewrap.tools().items() if name != "uv"}
        monkeypatch.setattr(languages.bubblewrap, "tools", lambda: tools)

    def test_without_uv_it_is_the_pip_that_is_there(self, bench, sandbox, no_uv):
        if not languages._base_has_pip(languages.bubblewrap.python()):
            pytest.skip("the Python of this machine has no pip")
        bench.put({"requirements.txt": ""})
        plan = Plan(kind="python", install="pip install --no-index -r requirements.txt", run="python x.py")

        bench.build(plan)

        assert (bench.folder / ".venv/bin/python").exists()
        assert not (bench.folder / ".venv/bin/pip").exists()

    def test_without_any_it_is_a_pip_of_its_own(self, no_uv, monkeypatch):
        monkeypatch.setattr(languages, "_base_has_pip", lambda _: False)
        plan = Plan(kind="python", install="pip install -r requirements.txt")

        assert languages.make_environment(plan).endswith("-m venv .venv")
        assert languages.install_command(plan) == plan.install

    def test_what_only_pip_can_do_is_done_by_pip(self):
        plan = Plan(kind="python", install="pip install flask && pip check")

        assert languages.installer(plan) == "pip"
        assert languages.install_command(plan) == plan.install


BACKEND = """
import zipfile
def build_wheel(folder, config_settings=None, metadata_directory=None):
    name = "greet-1-py3-none-any.whl"
    with zipfile.ZipFile(f"{folder}/{name}", "w") as wheel:
        wheel.writestr("greet.py", "WORD = 'hello from a package'")
        wheel.writestr("greet-1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: greet\\nVersion: 1\\n")
        wheel.writestr("greet-1.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("greet-1.dist-info/RECORD", "greet.py,,\\ngreet-1.dist-info/METADATA,,\\ngreet-1.dist-info/WHEEL,,\\ngreet-1.dist-info/RECORD,,\\n")
    return name
"""


class TestFails:
    def fail(self, bench, command: str, **more) -> Failed:
        with pytest.raises(Failed) as caught:
            bench.build(Plan(kind="custom", build=command, output="out"), **more)
        assert len(caught.value.lines) <= 10
        assert caught.value.suggestion
        return caught.value

    def test_with_the_lines_that_matter(self, bench, sandbox):
        failed = self.fail(bench, "seq 100; echo 'ERROR: the moon is not there' >&2; seq 30; exit 3")

        assert failed.code == "build_failed"
        assert failed.message == "Building failed: the command ended with 3."
        assert "ERROR: the moon is not there" in failed.lines

    def test_while_installing(self, bench):
        with pytest.raises(Failed) as caught:
            bench.build(Plan(kind="custom", install="echo no such package; exit 1", output="."))

        assert caught.value.code == "install_failed"

    def test_in_a_loop(self, bench):
        failed = self.fail(bench, "while :; do :; done", seconds=1)

        assert (failed.code, failed.message) == ("timed_out", "Building was stopped after 1 second.")

    def test_eating_memory(self, bench):
        failed = self.fail(bench, "python3 -c 'x = [bytearray(b\"x\" * 10**6) for _ in range(2000)]'")

        assert failed.code == "out_of_memory"
        assert "256 MB" in failed.message

    def test_writing_the_disk_full(self, bench):
        failed = self.fail(bench, "i=0; while :; do head -c 4000000 /dev/zero > f$i; i=$((i+1)); done")

        assert failed.code == "disk_full"
        assert "64 MB" in failed.message

    def test_forking_without_end(self, bench):
        bench.put({"bomb.sh": "sh bomb.sh & sh bomb.sh & wait; exit 1\n"})

        failed = self.fail(bench, "sh bomb.sh", seconds=8)

        assert failed.code == "too_many_processes"

    def test_a_secret_in_the_log_is_hidden_in_the_reason_too(self, bench):
        failed = self.fail(
            bench, "echo error: wrong key $KEY; exit 1", env={"KEY": "tops3cret"}, secrets=["tops3cret"]
        )

        assert failed.lines == ["error: wrong key ••••••"]
        assert "tops3cret" not in bench.log

    def test_a_missing_variable_is_named(self, bench):
        failed = self.fail(bench, "python3 -c 'import os; os.environ[\"DATABASE_URL\"]'")

        assert failed.code == "missing_variable"
        assert "DATABASE_URL is not set" in failed.message

    def test_a_language_that_is_not_there_and_cannot_be_fetched(self, bench, monkeypatch):
        monkeypatch.setattr(languages.bubblewrap, "tools", dict)
        for name, value in {"NO_INDEX": "1", "FIND_LINKS": "", "CONFIG_FILE": os.devnull}.items():
            monkeypatch.setenv(f"PIP_{name}", value)

        with pytest.raises(Failed, match="could not be installed") as caught:
            bench.build(Plan(kind="vite", install="npm ci", build="npm run build", output="dist"))

        assert caught.value.code == "no_node"
        assert "apt install nodejs" in str(caught.value.suggestion)
        assert f"==> This server has no Node.js: installing {node.version()} from a package." in bench.log

    def test_a_package_manager_that_is_not_there(self, bench, monkeypatch):
        monkeypatch.setattr(languages.bubblewrap, "tools", lambda: {"node": "/usr/bin/node"})

        with pytest.raises(Failed) as caught:
            bench.build(Plan(kind="vite", install="pnpm install", build="npm run build", output="dist"))

        assert caught.value.code == "no_package_manager"

    def test_early_when_the_disk_is_short(self, bench, monkeypatch):
        monkeypatch.setattr(measure, "free_mb", lambda _: 20)

        failed = self.fail(bench, "true")

        assert (failed.code, bench.reports) == ("disk_short", [])

    def test_early_when_memory_is_short(self, bench, monkeypatch):
        monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=10_000_000))

        assert self.fail(bench, "true").code == "memory_short"

    def test_cancelled(self, bench, sandbox):
        begun = bench.folder / "begun"

        with pytest.raises(Cancelled):
            bench.build(
                Plan(kind="custom", build="touch begun; sleep 600", output="."), cancelled=begun.exists
            )

    def test_when_the_run_says_so_between_two_lines(self, bench, sandbox):
        def report(*, phase, progress, message):
            if message == "tick":
                raise Cancelled

        bench.report = report

        with pytest.raises(Cancelled):
            bench.build(Plan(kind="custom", build="echo tick; sleep 600", output="."))


class TestProjects:
    def test_two_builds_of_a_project_share_its_caches_and_its_user(self, bench, walled_only):
        bench.build(
            Plan(
                kind="custom",
                build="echo 1 > $XDG_CACHE_HOME.txt || true; mkdir -p out; touch $PIP_CACHE_DIR-a",
                output="out",
            )
        )
        first = bench.folder.stat().st_uid
        other = bench.folder.parent / "other"
        other.mkdir()
        bench.folder = other

        bench.build(Plan(kind="custom", build="ls $PIP_CACHE_DIR-a && mkdir out", output="out"))

        assert other.stat().st_uid == first


@pytest.fixture
def walled_only():
    from app.engine.sandbox import probe

    if not probe().is_walled or os.geteuid() != 0:
        pytest.skip("needs walls, and root to give files away")


def _get(path) -> str:
    import socket

    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(5)
            client.connect(str(path))
            try:
                client.sendall(b"GET / HTTP/1.0\r\n\r\n")
                data = b""
                while piece := client.recv(4096):
                    data += piece
            except ConnectionError:
                continue
            if data:
                return data.decode()
        time.sleep(0.02)
    raise AssertionError("it did not answer")
