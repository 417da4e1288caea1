"""What Bob pushes is recognised, and the page can say why."""

import json

import pytest

from app.core.errors import Failed
from app.engine.plans import Plan, plan_for

FLASK = "from flask import Flask\n\napp = Flask(__name__)\n"


def plan(files: dict[str, str], **more) -> Plan:
    return plan_for(list(files), lambda name: files[name].encode(), **more)


def package(*dependencies: str, **scripts: str) -> str:
    return json.dumps({"dependencies": dict.fromkeys(dependencies, "*"), "scripts": scripts})


class TestStatic:
    def test_an_index_at_the_top_is_served_as_it_is(self):
        found = plan({"index.html": "<h1>", "style.css": ""})

        assert (found.kind, found.output, found.run, found.install) == ("static", ".", None, None)
        assert found.reasons == ["index.html is a page, and nothing here has to be built or started."]

    @pytest.mark.parametrize("folder", ["public", "dist", "site", "docs"])
    def test_an_index_in_a_usual_folder(self, folder):
        assert plan({f"{folder}/index.html": "", "README.md": ""}).output == folder


class TestPython:
    def test_flask_by_its_own_server(self):
        found = plan({"requirements.txt": "Flask>=3\n", "app.py": FLASK})

        assert found.kind == "flask"
        assert found.install == "pip install -r requirements.txt"
        assert found.run == "flask --app app:app run --host 127.0.0.1 --port $PORT"
        assert found.reasons[0] == "requirements.txt names flask and app.py creates app."

    def test_flask_by_gunicorn_where_it_is_required(self):
        found = plan({"requirements.txt": "flask\ngunicorn==23\n", "wsgi.py": FLASK})

        assert found.run == "gunicorn --bind 127.0.0.1:$PORT --workers 1 --threads 8 wsgi:app"

    def test_a_factory_in_a_package_below_src(self):
        factory = "from flask import Flask\ndef create_app(config=None):\n    app = Flask(__name__)\n    return app\n"
        found = plan({"requirements.txt": "flask\ngunicorn", "src/shop/__init__.py": factory})

        assert found.run.endswith("'shop:create_app()'")
        assert found.env == {"PYTHONPATH": "src"}
        assert (
            found.reasons[0]
            == "requirements.txt names flask and src/shop/__init__.py makes an app in create_app()."
        )

    def test_an_app_made_by_its_factory_in_wsgi_is_preferred(self):
        files = {
            "requirements.txt": "flask",
            "shop/__init__.py": "def create_app():\n    return Flask(__name__)\n",
            "wsgi.py": "from shop import create_app\n\napp = create_app()\n",
        }

        assert "--app wsgi:app " in plan(files).run

    def test_tests_are_not_taken_for_the_app(self):
        found = plan({"requirements.txt": "flask", "tests/app.py": FLASK, "web/app.py": FLASK})

        assert "web.app:app" in found.run

    def test_flask_that_nobody_required_is_installed_all_the_same(self):
        found = plan({"app.py": FLASK})

        assert found.install == "pip install flask"

    def test_fastapi_by_uvicorn(self):
        found = plan({"requirements.txt": "fastapi", "main.py": "app: FastAPI = FastAPI(title='x')\n"})

        assert found.kind == "fastapi"
        assert found.install == "pip install -r requirements.txt uvicorn"
        assert found.run == "uvicorn main:app --host 127.0.0.1 --port $PORT"

    def test_django_migrates_before_it_starts(self):
        found = plan({"requirements.txt": "Django~=5.2", "manage.py": "import django", "shop/wsgi.py": ""})

        assert (found.kind, found.seed) == ("django", "python manage.py migrate --noinput")
        assert found.run == "python manage.py runserver --noreload 127.0.0.1:$PORT"

    def test_a_pyproject_without_a_build_system(self):
        found = plan(
            {
                "pyproject.toml": '[project]\nname="x"\nversion="1"\ndependencies=["flask>=3"]\n',
                "app.py": FLASK,
            }
        )

        assert found.install == "pip install 'flask>=3'"

    def test_a_pyproject_that_can_be_built(self):
        files = {
            "pyproject.toml": '[build-system]\nrequires=[]\n[project]\nname="x"\ndependencies=["flask"]\n',
            "x/__init__.py": FLASK,
        }

        assert plan(files).install == "pip install -e ."

    def test_a_script_that_serves(self):
        found = plan(
            {"server.py": "from http.server import HTTPServer\nHTTPServer(('', 1), X).serve_forever()"}
        )

        assert (found.kind, found.run, found.install) == ("python", "python server.py", None)

    def test_a_broken_pyproject_is_named(self):
        with pytest.raises(Failed) as caught:
            plan({"pyproject.toml": "[project\n", "app.py": FLASK})

        assert caught.value.code == "bad_config"
        assert "pyproject.toml" in caught.value.message


class TestNode:
    def test_vite_with_a_lockfile(self):
        found = plan(
            {"package.json": package("vite", build="vite build"), "package-lock.json": "{}", "index.html": ""}
        )

        assert (found.kind, found.install, found.build) == ("vite", "npm ci", "npm run build")
        assert (found.output, found.spa, found.run) == ("dist", True, None)
        assert found.reasons[0] == 'package.json names vite and has a "build" script.'

    def test_vite_with_its_own_output_and_no_lockfile(self):
        files = {
            "package.json": package("vite", build="vite build"),
            "vite.config.ts": "build: { outDir: './out' }",
        }

        assert (plan(files).output, plan(files).install) == ("out", "npm install")

    @pytest.mark.parametrize(
        ("dependency", "output"), [("astro", "dist"), ("@11ty/eleventy", "_site"), ("react-scripts", "build")]
    )
    def test_other_builders(self, dependency, output):
        assert (
            plan({"package.json": package(dependency, build="x", start="react-scripts start")}).output
            == output
        )

    def test_a_server_by_its_start_script(self):
        found = plan({"package.json": package("express", "vite", start="node server.js", build="vite build")})

        assert (found.kind, found.build, found.run) == ("express", "npm run build", "npm start")

    def test_a_server_without_a_script_or_dependencies(self):
        files = {"package.json": "{}", "index.js": "require('http').createServer(f).listen(process.env.PORT)"}

        assert (plan(files).run, plan(files).install) == ("node index.js", None)

    def test_next_runs_unless_it_is_exported(self):
        files = {"package.json": package("next", build="next build", start="next start")}
        exported = {**files, "next.config.mjs": "export default { output: 'export' }"}

        assert plan(files).run == "npm start"
        assert (plan(exported).run, plan(exported).output) == (None, "out")

    def test_other_package_managers_by_their_lockfile(self):
        manifest = package("vite", build="vite build")

        assert (
            plan({"package.json": manifest, "pnpm-lock.yaml": ""}).install == "pnpm install --frozen-lockfile"
        )
        assert plan({"package.json": manifest, "yarn.lock": ""}).install == "yarn install --frozen-lockfile"

    def test_a_python_app_with_assets_is_a_python_app(self):
        files = {
            "requirements.txt": "flask",
            "app.py": FLASK,
            "package.json": package("vite", build="vite build"),
        }

        assert plan(files).kind == "flask"

    @pytest.mark.parametrize("text", ["{", "[]", "", "[" * 100_000])
    def test_a_broken_package_is_named(self, text):
        with pytest.raises(Failed) as caught:
            plan({"package.json": text})

        assert caught.value.code == "bad_config"
        assert "package.json" in caught.value.message

    def test_odd_shapes_in_a_package_do_not_break_it(self):
        with pytest.raises(Failed, match="neither"):
            plan({"package.json": '{"scripts": ["x"], "dependencies": 1, "main": {}}'})


class TestProcfile:
    def test_its_web_line_and_its_release_line(self):
        found = plan(
            {"Procfile": "release: ./migrate\nweb: gunicorn shop:app\n", "requirements.txt": "gunicorn"}
        )

        assert (found.kind, found.run, found.seed) == ("procfile", "gunicorn shop:app", "./migrate")
        assert found.install == "pip install -r requirements.txt"

    def test_a_line_made_to_take_for_ever_is_read_at_once(self):
        assert plan({"Procfile": "web: x" + " " * 900_000 + "y"}).kind == "procfile"

    def test_one_without_a_web_line_is_passed_over(self):
        assert plan({"Procfile": "worker: x", "index.html": ""}).kind == "static"


class TestNothing:
    def test_says_what_was_looked_for_and_shows_an_example(self):
        with pytest.raises(Failed) as caught:
            plan({"README.md": "hello", "main.c": ""})

        assert caught.value.code == "no_plan"
        assert "index.html" in caught.value.message
        assert "[run]" in caught.value.suggestion

    def test_an_empty_repository(self):
        with pytest.raises(Failed, match="no files"):
            plan({})

    def test_an_app_in_a_folder_is_hinted_at(self):
        with pytest.raises(Failed) as caught:
            plan({"frontend/package.json": "{}"})

        assert 'root = "frontend"' in caught.value.suggestion

    def test_a_package_with_nothing_to_start(self):
        with pytest.raises(Failed, match="neither"):
            plan({"package.json": package("lodash")})

    def test_python_without_an_app(self):
        with pytest.raises(Failed, match="no web app was found"):
            plan({"requirements.txt": "numpy", "analysis.py": "print(1)"})


class TestRoot:
    def test_a_folder_of_the_repository(self):
        found = plan({"web/index.html": "", "README.md": ""}, root="web")

        assert (found.root, found.output) == ("web", ".")
        assert found.reasons[0] == "The app lies in web/."


def test_a_plan_can_be_kept_as_json():
    found = plan({"requirements.txt": "flask", "src/app.py": FLASK})

    kept = json.loads(json.dumps({**found.as_dict(), "of a later version": 1}))

    assert Plan.from_dict(kept) == found
