"""A Flask app is built, deployed, broken and put back, and whoever asks for it meanwhile is always answered."""

import re
from dataclasses import dataclass
from typing import Any

import pytest

from tests.journeys.road import new_project
from tests.support.installation import Installation, install, wait_until  # noqa: F401 - a fixture
from tests.support.regular import Regular

pytestmark = pytest.mark.real

GREETS = ("app = Flask(__name__)\n", 'app = Flask(__name__)\napp.config.from_prefixed_env("SHOP")\n')
GREETING = ("A place to start from", "{{ config.GREETING }}")
BREAKS = ('    return render_template("home.html")', '    raise RuntimeError("no flour")')


@dataclass
class Shop:
    """An app with a repository of its own, as a program handles it."""

    here: Installation
    id: str
    version: str

    @classmethod
    def open(cls, here: Installation) -> "Shop":
        made = {"workspaceId": new_project(here, "Bakery")["id"], "name": "Shop", "starter": "flask"}
        app = here.post("/api/apps", {**made, "publicAccess": True}).json
        return cls(here, app["id"], app["defaultVersionId"])

    def ask(self, method: str, path: str, body: object = None) -> Any:
        answer = self.here.request(method, f"/api{path}", body)
        assert answer.status < 300, f"{method} {path}: {answer.status} {answer.text[:600]}"
        return answer.json

    def change(self, path: str, was: str, becomes: str) -> None:
        files = f"/app-versions/{self.version}/files"
        text = self.ask("GET", f"{files}/read?path={path}")["content"]
        assert was in text
        self.ask("PATCH", files, {"path": path, "content": text.replace(was, becomes)})

    def greet(self, words: str) -> None:
        self.ask("PUT", f"/apps/{self.id}/env", {"name": "SHOP_GREETING", "value": words})

    def build(self) -> Any:
        return self._ended("/builds", self.ask("POST", "/builds", {"appVersionId": self.version}))

    def deploy(self) -> Any:
        return self._ended("/deploys", self.ask("POST", f"/apps/{self.id}/deploy"))

    def go_back(self) -> Any:
        return self._ended("/deploys", self.ask("POST", f"/apps/{self.id}/rollback", {}))

    def _ended(self, kind: str, begun: Any) -> Any:
        """Wait until a build or a deploy is over."""
        seen = {}

        def is_over() -> bool:
            seen.update(self.ask("GET", f"{kind}/{begun['id']}"))
            return seen["status"] not in {"pending", "running"}

        wait_until(is_over, 120, f"the end of {begun['id']}")
        return seen


def test_nobody_sees_a_failed_answer_of_an_app(install) -> None:  # noqa: F811
    here = install(GREENROOM_START_SECONDS="8")
    here.admin()
    shop = Shop.open(here)
    shop.change("app.py", *GREETS)
    shop.change("templates/home.html", *GREETING)
    shop.greet("Bread at seven")
    assert shop.build()["status"] == "completed"
    assert shop.deploy()["status"] == "completed"
    regular = Regular(here, "shop")

    with regular.asking():
        regular.sees("<h1>Bread at seven</h1>")
        shop.greet("Bread at six")
        assert shop.build()["status"] == "completed"
        assert shop.deploy()["status"] == "completed"
        regular.sees("<h1>Bread at six</h1>")

        shop.change("requirements.txt", "flask>=3.0,<4", "flask==99")
        broken = shop.build()
        assert (broken["status"], "flask==99" in broken["error"]) == ("failed", True)
        regular.sees("<h1>Bread at six</h1>")

        shop.change("requirements.txt", "flask==99", "flask>=3.0,<4")
        shop.change("app.py", *BREAKS)
        assert shop.build()["status"] == "completed"
        sick = shop.deploy()
        assert (sick["status"], "answered 500 at /" in sick["error"]) == ("failed", True)
        regular.sees("<h1>Bread at six</h1>")

        assert shop.ask("GET", f"/apps/{shop.id}/rollback")["variablesChanged"] == ["SHOP_GREETING"]
        assert shop.go_back()["status"] == "completed"
        regular.sees("<h1>Bread at seven</h1>")

    assert regular.failed == []
    shown = {re.findall("<h1>(.*?)</h1>", said)[0] for _, said in regular.answers}
    assert shown == {"Bread at seven", "Bread at six"}
    wait_until(lambda: not here.disagreements(), 60, "the truth")
