"""The scripts in `bin` set up what is missing, do nothing twice, and say what stands in the way."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("bash", "dirname", "id", "uname", "cmp", "cp", "cat", "mktemp", "rm", "ls", "mkdir", "chmod")


class Machine:
    """A checkout on a machine that has only the programs we give it."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "checkout"
        self.programs = folder / "programs"
        self.asked = folder / "asked"
        self.programs.mkdir()
        (self.root / "requirements").mkdir(parents=True)
        (self.root / "requirements" / "runtime.txt").write_text("flask==3\n")
        shutil.copytree(ROOT / "bin", self.root / "bin")
        for tool in TOOLS:
            (self.programs / tool).symlink_to(shutil.which(tool) or tool)

    def give(self, name: str, script: str) -> None:
        program = self.programs / name
        program.write_text(f"#!{self.programs}/bash\necho {name} $* >>{self.asked}\n{script}\n")
        program.chmod(0o755)

    def give_python(self) -> None:
        """A Python that makes an environment whose own Python notes what it is asked."""
        inside = f"#!{self.programs}/bash\\necho inside \\$* >>{self.asked}\\n"
        self.give(
            "python3",
            'case "$*" in\n'
            f'  "-m venv "*) mkdir -p $3/bin; printf "{inside}" >$3/bin/python; chmod +x $3/bin/python ;;\n'
            "esac",
        )

    def run(self, script: str) -> subprocess.CompletedProcess[str]:
        self.asked.write_text("")
        return subprocess.run(
            [self.root / "bin" / script],
            env={"PATH": str(self.programs)},
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def installs(self) -> list[str]:
        return [line for line in self.asked.read_text().splitlines() if "pip install" in line]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_installs_once_and_again_only_when_the_pins_change(machine: Machine) -> None:
    machine.give("git", "")
    machine.give_python()

    first = machine.run("up")
    assert first.returncode == 0, first.stderr
    assert len(machine.installs) == 1
    assert "--require-hashes" in machine.installs[0]
    assert "inside -P -m app.cli up" in machine.asked.read_text()

    machine.run("up")
    assert machine.installs == []

    (machine.root / "requirements" / "runtime.txt").write_text("flask==4\n")
    machine.run("up")
    assert len(machine.installs) == 1


def test_uses_uv_where_there_is_one(machine: Machine) -> None:
    machine.give("git", "")
    machine.give("uv", "")
    machine.give_python()

    machine.run("up")

    assert [line.split()[0] for line in machine.installs] == ["uv"]


def test_a_failed_installation_is_told_and_tried_again(machine: Machine) -> None:
    machine.give("git", "")
    machine.give("uv", "echo no route to the index >&2; exit 2")
    machine.give_python()

    for _ in range(2):
        answer = machine.run("up")

        assert answer.returncode == 1
        assert "no route to the index" in answer.stderr
        assert "could not be installed" in answer.stderr
        assert len(machine.installs) == 1


def test_says_what_is_missing(machine: Machine) -> None:
    assert "git is missing" in machine.run("up").stderr

    machine.give("git", "")
    assert "Python 3.11 or newer" in machine.run("up").stderr

    machine.give("python3", 'case "$*" in *version_info*) exit 0 ;; *) exit 1 ;; esac')
    answer = machine.run("up")
    assert answer.returncode == 1
    assert "python3-venv" in answer.stderr


def test_runs_without_a_sandbox_but_says_so(machine: Machine) -> None:
    machine.give("git", "")
    machine.give_python()

    answer = machine.run("up")

    assert answer.returncode == 0
    assert "bubblewrap is missing" in answer.stderr
