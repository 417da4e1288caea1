"""What is served while it is edited: by its dev server where it has one, else as well as it can be."""

import json

import pytest

from app.core.errors import Failed
from app.engine import starters
from app.engine.plans import plan_for
from app.engine.plans.dev import DevPlan, Reload, dev_plan, needs_new_start

FLASK = "from flask import Flask\n\napp = Flask(__name__)\n"


def plan(files: dict[str, str], **more) -> DevPlan:
    def read(name: str) -> bytes:
        return files[name].encode()

    return dev_plan(plan_for(list(files), read, **more), list(files), read)


def package(*dependencies: str, **scripts: str) -> str:
    return json.dumps({"dependencies": dict.fromkeys(dependencies, "*"), "scripts": scripts})


class TestStatic:
    def test_is_served_from_its_folder(self):
        found = plan({"public/index.html": "<h1>"})

        assert (found.plan.output, found.plan.run, found.reload) == ("public", None, Reload.PAGE)


class TestNode:
    def test_vite_is_not_built_but_served_hot(self):
        found = plan({"package.json": package("vite", build="vite build"), "index.html": ""})

        assert found.plan.run == "vite --host 127.0.0.1 --port $PORT --strictPort"
        assert (found.plan.build, found.plan.output, found.reload) == (None, None, Reload.HOT)
        assert found.plan.install == "npm install"

    def test_another_one_by_its_own_script(self):
        found = plan(
            {"package.json": package("@11ty/eleventy", build="x", dev="eleventy --serve --port $PORT")}
        )

        assert (found.plan.run, found.reload) == ("npm run dev", Reload.HOT)

    def test_a_server_without_a_dev_script_starts_again(self):
        found = plan({"package.json": package("express", start="node server.js")})

        assert (found.plan.run, found.reload) == ("npm start", Reload.RESTART)

    def test_what_can_only_be_built_is_refused_with_a_way_out(self):
        with pytest.raises(Failed, match="no server that shows changes") as trouble:
            plan({"package.json": package("@11ty/eleventy", build="eleventy")})

        assert trouble.value.code == "no_dev_server"
        assert 'Add a script "dev" to package.json' in str(trouble.value.suggestion)

    def test_in_a_folder_of_its_own(self):
        files = {"web/package.json": package("vite", build="vite build"), "web/index.html": ""}

        assert plan(files, root="web").plan.root == "web"


class TestPython:
    @pytest.mark.parametrize("server", ["", "gunicorn", "waitress"])
    def test_flask_by_its_own_server_that_starts_again(self, server):
        found = plan({"requirements.txt": f"flask\n{server}\n", "app.py": FLASK})

        assert found.plan.run == "flask --app app:app run --debug --host 127.0.0.1 --port $PORT"
        assert found.reload is Reload.PAGE

    def test_a_factory(self):
        made = "from flask import Flask\n\n\ndef create_app():\n    return Flask(__name__)\n"
        found = plan({"requirements.txt": "flask\nwaitress\n", "shop.py": made})

        assert found.plan.run.startswith("flask --app shop:create_app run ")

    def test_fastapi_and_django(self):
        api = {"requirements.txt": "fastapi", "main.py": "from fastapi import FastAPI\napp = FastAPI()\n"}
        site = {"requirements.txt": "django", "manage.py": "import django\n", "shop/wsgi.py": ""}

        assert plan(api).plan.run.endswith(" --reload")
        assert plan(site).plan.run == "python manage.py runserver 127.0.0.1:$PORT"


@pytest.mark.parametrize(
    ("starter", "reload"), [("static", "page"), ("flask", "page"), ("vite", "hot"), ("react", "hot")]
)
def test_every_starter_can_be_edited(starter, reload):
    files = starters.files(starter, name="Bakery")
    found = dev_plan(plan_for(files, files.__getitem__), files, files.__getitem__)

    assert found.reload == reload
    assert DevPlan.from_dict(found.as_dict()) == found


@pytest.mark.parametrize(
    ("path", "starts_anew"),
    [
        ("package.json", True),
        ("web/package-lock.json", True),
        ("requirements-dev.txt", True),
        ("greenroom.toml", True),
        ("src/package.jsonc", False),
        ("docs/requirements.md", False),
        ("src/main.js", False),
    ],
)
def test_what_decides_how_it_is_served_starts_it_anew(path, starts_anew):
    assert needs_new_start(["README.md", path]) is starts_anew
