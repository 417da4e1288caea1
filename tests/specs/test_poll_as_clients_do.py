"""The polling examples of the spec API run as they stand, with nothing but the host, the key and the id put in."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support.installation import Installation, wait_until

pytestmark = pytest.mark.real

EXAMPLES = Path(__file__).parent / "polling"
NEEDS = {"shell": ("bash", "curl", "jq"), "python": (), "javascript": ("node",)}
COMMANDS = {
    "shell": ("bash",),
    "python": (sys.executable, "-u"),
    "javascript": ("node",),
}
SECONDS = 30


@dataclass
class Example:
    """One of the examples at work, and what it said so far."""

    language: str
    folder: Path
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    def start(self, here: Installation, spec: str) -> "Example":
        text = (EXAMPLES / f"{self.language}.txt").read_text()
        for written, put_in in (
            ("https://api.example", here.url),
            ("YOUR_API_KEY", here.key),
            ("507f1f77bcf86cd799439011", spec),
        ):
            assert written in text
            text = text.replace(written, put_in)
        script = self.folder / f"{self.language}.mjs"
        script.write_text(text)
        with self.output.open("wb") as said:
            self.process = subprocess.Popen(
                [*COMMANDS[self.language], str(script)], stdout=said, stderr=subprocess.STDOUT
            )
        return self

    @property
    def output(self) -> Path:
        return self.folder / f"{self.language}.out"

    @property
    def said(self) -> str:
        return self.output.read_text()

    def ended(self) -> int:
        assert self.process is not None
        return self.process.wait(SECONDS)


@pytest.fixture
def examples(tmp_path: Path) -> Iterator[dict[str, Example]]:
    """The examples of each language whose tools this machine has; none of them outlives the test."""
    made = {
        language: Example(language, tmp_path)
        for language, tools in NEEDS.items()
        if all(map(shutil.which, tools))
    }
    yield made
    for each in made.values():
        if each.process is not None:
            each.process.kill()
            each.process.wait()


def asked(here: Installation) -> str:
    answer = here.post("/fast-spec", {"input": "Guests can book a table.", "async": True})
    return str(answer.json["specId"])


@pytest.mark.parametrize("language", NEEDS)
def test_the_tools_of_each_language_are_here(language: str) -> None:
    missing = [tool for tool in NEEDS[language] if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"this machine has no {', '.join(missing)}, so its example was not run")
    assert (EXAMPLES / f"{language}.txt").read_text()


def test_each_waits_until_the_spec_is_written(installation: Installation, examples) -> None:
    installation.kill("worker-quick", signal.SIGSTOP)  # so that each of them has to wait
    try:
        specs = {language: asked(installation) for language in examples}
        for language, example in examples.items():
            example.start(installation, specs[language])
        for example in examples.values():
            wait_until(lambda example=example: "pending" in example.said, SECONDS, "it to see what waits")
    finally:
        installation.kill("worker-quick", signal.SIGCONT)

    for language, example in examples.items():
        assert example.ended() == 0, example.said
        output = installation.get(f"/spec-status/{specs[language]}").json["output"]
        assert "Initializing..." in example.said
        assert "Spec processing completed!" in example.said
        assert example.said.rstrip().endswith(output)


def test_each_says_why_a_spec_failed(installation: Installation, examples) -> None:
    installation.kill("worker-quick", signal.SIGSTOP)
    try:
        spec = asked(installation)
        installation.post(f"/api/spec-status/{spec}/cancel")
    finally:
        installation.kill("worker-quick", signal.SIGCONT)

    for example in examples.values():
        example.start(installation, spec)
    ends = {language: example.ended() for language, example in examples.items()}

    assert ends == {language: int(language == "python") for language in examples}  # it alone raises
    for example in examples.values():
        assert "Spec processing failed:" in example.said
        assert "Cancelled" in example.said


def test_each_ends_where_there_is_no_such_spec(installation: Installation, examples) -> None:
    for example in examples.values():
        example.start(installation, "507f1f77bcf86cd799439012")
    said = {language: (example.ended(), example.said)[1] for language, example in examples.items()}

    words = {
        "shell": "Unknown status: null",
        "python": "404 Client Error",
        "javascript": "Error: Failed to check status",
    }
    assert {language: words[language] in said[language] for language in said} == dict.fromkeys(said, True)
