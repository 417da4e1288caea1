import importlib.util
import json
import re
import sys
from html.parser import HTMLParser

import pytest

from app.core.errors import Invalid
from app.engine import starters
from app.engine.plans import plan_for

NAME = "Ada & Bob's {{ 7*7 }} <shop>"


class _Page(HTMLParser):
    """The links and headings of a page, and whether what was opened was closed."""

    VOID = frozenset({"meta", "link", "img", "br", "input"})

    def __init__(self, text):
        super().__init__()
        self.links, self.headings, self.open, self.words = [], [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.links += [value for key, value in attrs if key in {"href", "src"}]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words += data


class TestFiles:
    def test_empty_means_no_files(self):
        assert starters.files("empty", name="Shop") == {}

    @pytest.mark.parametrize("starter", ["", "..", "static/..", "nope"])
    def test_an_unknown_starter_is_refused(self, starter):
        with pytest.raises(Invalid):
            starters.files(starter, name="Shop")

    @pytest.mark.parametrize("starter", ["static", "flask", "vite", "react"])
    def test_the_name_stands_everywhere_and_no_place_is_left(self, starter):
        files = starters.files(starter, name="Corner Shop")

        assert not [path for path, data in files.items() if b"{{name}}" in data]
        assert b"# Corner Shop" in files["README.md"]
        assert not [path for path in files if "__pycache__" in path]

    @pytest.mark.parametrize(
        ("starter", "kind"),
        [("static", "static"), ("flask", "flask"), ("vite", "vite"), ("react", "vite")],
    )
    def test_the_plan_finds_out_how_it_is_served(self, starter, kind):
        files = starters.files(starter, name="Shop")

        plan = plan_for(sorted(files), files.__getitem__)

        assert plan.kind == kind


class TestStatic:
    @pytest.mark.parametrize("page", ["index.html", "about.html", "contact.html"])
    def test_every_page_is_whole_and_its_links_lead_somewhere(self, page):
        files = starters.files("static", name=NAME)

        parsed = _Page(files[page].decode())

        assert parsed.open == []
        assert parsed.headings[0] == "h1"
        assert parsed.headings.count("h1") == 1
        local = [link for link in parsed.links if not link.startswith(("#", "mailto:", "tel:"))]
        assert set(local) <= set(files)
        assert NAME in parsed.words
        assert b"<shop>" not in files[page]


class TestVite:
    def test_the_page_is_whole_and_its_files_are_there(self):
        files = starters.files("vite", name=NAME)

        parsed = _Page(files["index.html"].decode())

        assert parsed.open == []
        assert parsed.headings.count("h1") == 1
        assert NAME in parsed.words
        anchors = {link[1:] for link in parsed.links if link.startswith("#")}
        assert all(f'id="{anchor}"'.encode() in files["index.html"] for anchor in anchors)
        local = [link.lstrip("/") for link in parsed.links if link.startswith("/") and link != "/"]
        assert {path if path in files else f"public/{path}" for path in local} <= set(files)


class TestReact:
    def test_the_page_is_whole_and_its_files_are_there(self):
        files = starters.files("react", name=NAME)

        parsed = _Page(files["index.html"].decode())

        assert parsed.open == []
        assert NAME in parsed.words
        assert {path.lstrip("/") for path in parsed.links if path.startswith("/src/")} <= set(files)
        imported = {
            name
            for path, data in files.items()
            if path.startswith("src/")
            for name in re.findall(r'from "\./([^"]+)"', data.decode())
        }
        assert {f"src/{name}" for name in imported} <= set(files)

    def test_a_name_stands_in_the_title_alone_where_nothing_reads_it_as_code(self):
        files = starters.files("react", name=NAME)

        assert not [path for path, data in files.items() if path.startswith("src/") and b"shop" in data]


@pytest.mark.parametrize("starter", ["vite", "react"])
class TestInstall:
    def test_the_lock_fixes_every_version_and_names_no_place_to_get_it(self, starter):
        files = starters.files(starter, name=NAME)

        lock, package = json.loads(files["package-lock.json"]), json.loads(files["package.json"])

        wanted = {**package.get("dependencies", {}), **package["devDependencies"]}
        assert {name: lock["packages"][f"node_modules/{name}"]["version"] for name in wanted} == wanted
        assert b"://" not in files["package-lock.json"]
        assert all(entry["integrity"] for path, entry in lock["packages"].items() if path)

    def test_it_is_installed_by_its_lock(self, starter):
        files = starters.files(starter, name=NAME)

        plan = plan_for(sorted(files), files.__getitem__)

        assert (plan.install, plan.build, plan.output) == ("npm ci", "npm run build", "dist")


class TestFlask:
    @pytest.fixture
    def client(self, tmp_path, monkeypatch):
        for path, data in starters.files("flask", name=NAME).items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_bytes(data)
        spec = importlib.util.spec_from_file_location("started", tmp_path / "app.py")
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, "started", module)
        spec.loader.exec_module(module)
        return module.app.test_client()

    @pytest.mark.parametrize("path", ["/", "/about", "/notes"])
    def test_every_page_shows_the_name_as_it_is(self, client, path):
        answer = client.get(path)

        parsed = _Page(answer.text)
        assert answer.status_code == 200
        assert parsed.open == []
        assert NAME in parsed.words
        for link in parsed.links:
            with client.get(link.partition("#")[0] or path) as linked:
                assert linked.status_code == 200

    def test_a_note_is_shown_after_it_was_left(self, client):
        answer = client.post("/notes", data={"text": "Hello <b>there</b>"}, follow_redirects=True)

        assert "Hello &lt;b&gt;there&lt;/b&gt;" in answer.text
        assert client.post("/notes", data={"text": " "}).status_code == 422

    def test_what_is_not_there_says_so(self, client):
        answer = client.get("/nowhere")

        assert answer.status_code == 404
        assert "There is nothing here" in answer.text
