"""Bob edits a version in the browser: with its page's plain forms, and as its script asks."""

import io
import re

import pytest

from app.apps import operations, queries
from app.apps.models import SessionStatus
from app.projects.queries import repository_of


@pytest.fixture
def version(people, bell):
    project = people.project()
    bell.work()
    return queries.default_version(queries.first_app(project))


@pytest.fixture
def edit(version):
    """The editor's address."""
    return f"{version.path}/edit"


@pytest.fixture
def ada(people, browse, version):
    """Ada may save to what goes live."""
    return browse(people.ada)


def text_of(version, path):
    return queries.file_at(version, path).content.decode()


def blob_of(version, path):
    return queries.file_at(version, path).blob_id


class TestThePage:
    def test_lists_folders_and_opens_what_leads_to_the_file(self, version, edit, ada):
        top = ada.get(edit).text
        opened = ada.get(f"{edit}?path=images/mark.svg").text

        assert 'data-open="index.html"' in top
        assert f'hx-get="{edit}/folder?path=images"' in top
        assert "images/mark.svg" not in top
        assert 'data-open="images/mark.svg" aria-current="true"' in opened
        assert blob_of(version, "images/mark.svg") in opened

    def test_gives_a_folder_when_it_is_opened(self, edit, ada):
        part = ada.htmx("GET", f"{edit}/folder?path=images").text

        assert part.lstrip().startswith('<ul class="tree" id="folder-images">')
        assert 'data-open="images/hero.svg"' in part
        assert ada.get(f"{edit}/folder?path=nowhere").status_code == 404
        assert ada.get(f"{edit}/folder?path=../..").status_code == 400

    def test_lets_only_the_styles_of_its_own_script_in(self, edit, ada):
        page = ada.get(edit)
        policy = page.headers["Content-Security-Policy"]
        nonce = re.search(r'data-nonce="([^"]+)"', page.text)[1]

        assert f"style-src 'self' 'nonce-{nonce}';" in policy
        assert "unsafe" not in policy
        assert "nonce" not in ada.get(f"{edit}/folder?path=images").headers["Content-Security-Policy"]

    def test_is_for_who_may_work_on_it(self, edit, people, browse):
        assert browse(people.bob).get(edit).status_code == 200
        assert browse(people.vic).get(edit).status_code == 403
        assert browse(people.eve).get(edit).status_code == 404

    def test_is_reached_from_the_version_until_that_is_deleted(self, version, people, browse):
        fork, bob = operations.fork_version(version.app, by=people.bob), browse(people.bob)
        link = f'href="{fork.path}/edit"'

        assert link in bob.get(fork.path).text
        assert link not in browse(people.vic).get(fork.path).text
        operations.delete_version(fork, by=people.bob)
        assert link not in bob.get(fork.path).text
        assert bob.get(f"{fork.path}/edit").status_code == 404

    def test_says_to_whom_it_is_only_to_be_read(self, edit, people, browse):
        page = browse(people.bob).get(f"{edit}?path=index.html").text

        assert "You may read this version, not save to it" in page
        assert "New file" not in page

    def test_says_of_a_file_that_is_no_text(self, version, edit, people, ada):
        operations.upload_files(version, by=people.ada, files={"door.png": b"\x89PNG\0"})

        assert "door.png is no text" in ada.get(f"{edit}?path=door.png").text


class TestSaving:
    def save(self, ada, edit, version, content, path="index.html", **more):
        sent = {"path": path, "content": content, "if_match": blob_of(version, path), **more}
        return ada.post(edit, sent)

    def test_without_a_script(self, version, edit, ada, people):
        answer = self.save(ada, edit, version, "<h1>Fresh</h1>\r\n<p>Bread</p>\r\n")

        assert (answer.status_code, answer.location) == (303, f"{edit}?path=index.html")
        assert text_of(version, "index.html") == "<h1>Fresh</h1>\n<p>Bread</p>\n"
        assert repository_of(version.app.project).commit(version.branch).author == "Ada Admin"

    def test_keeps_the_line_ends_of_the_file(self, version, edit, ada, people):
        operations.create_file(version, by=people.ada, path="old.txt", content=b"one\r\ntwo\r\n")

        self.save(ada, edit, version, "one\r\nthree\r\n", path="old.txt")

        assert text_of(version, "old.txt") == "one\r\nthree\r\n"

    def test_over_what_somebody_else_saved_shows_both_sides(self, version, edit, ada, people):
        read = blob_of(version, "index.html")
        operations.update_file(version, by=people.ada, path="index.html", content=b"<h1>Theirs</h1>")

        answer = self.save(ada, edit, version, "<h1>Mine</h1>", if_match=read)

        assert answer.status_code == 422
        assert "&lt;h1&gt;Theirs&lt;/h1&gt;" in answer.text
        assert "&lt;h1&gt;Mine&lt;/h1&gt;" in answer.text
        assert text_of(version, "index.html") == "<h1>Theirs</h1>"
        assert f'name="if_match" value="{blob_of(version, "index.html")}"' in answer.text

    def test_reaches_the_preview_at_once(self, version, edit, ada, people, bell):
        ada.post(f"{edit}/preview")
        bell.work()
        found = queries.open_session_of(version)

        self.save(ada, edit, version, "<h1>Fresh</h1>")

        assert (found.folder / "index.html").read_text() == "<h1>Fresh</h1>"

    def test_what_goes_live_is_an_admins(self, version, edit, people, browse):
        before = text_of(version, "index.html")

        answer = browse(people.bob).post(edit, {"path": "index.html", "content": "mine"})

        assert answer.status_code == 403
        assert text_of(version, "index.html") == before


class TestFiles:
    def test_are_made_renamed_and_deleted(self, version, edit, ada):
        made = ada.post(f"{edit}/files", {"path": "src/new page.js"})
        moved = ada.post(f"{edit}/name", {"path": "src/new page.js", "new_path": "src/page.js"})
        assert (made.status_code, made.location) == (303, f"{edit}?path=src/new%20page.js")
        assert (moved.status_code, moved.location) == (303, f"{edit}?path=src/page.js")
        assert text_of(version, "src/page.js") == ""

        gone = ada.post(f"{edit}/removal", {"path": "src/page.js"})

        assert (gone.status_code, gone.location) == (303, edit)
        assert "src" not in [each.name for each in queries.files_in(version)]

    def test_tell_the_open_editor_what_became_of_them(self, version, edit, ada):
        made = ada.htmx("POST", f"{edit}/files", data={"path": "a.js"})
        moved = ada.htmx("POST", f"{edit}/name", data={"path": "a.js", "new_path": "b.js"})
        gone = ada.htmx("POST", f"{edit}/removal", data={"path": "b.js"})

        said = [answer.headers["HX-Trigger-After-Swap"] for answer in (made, moved, gone)]
        assert said == [
            '{"file-made": {"path": "a.js"}, "files-changed": {}}',
            '{"file-moved": {"path": "a.js", "to": "b.js"}, "files-changed": {}}',
            '{"file-gone": {"path": "b.js"}, "files-changed": {}}',
        ]
        assert 'data-open="a.js" aria-current="true"' in made.text

    def test_are_uploaded(self, version, edit, ada):
        files = [(io.BytesIO(b"one"), "one.txt"), (io.BytesIO(b"two"), "two.txt")]

        answer = ada.post(f"{edit}/uploads", {"files": files, "folder": "notes"})

        assert answer.status_code == 303
        assert (text_of(version, "notes/one.txt"), text_of(version, "notes/two.txt")) == ("one", "two")

    @pytest.mark.parametrize(
        ("place", "sent", "said"),
        [
            ("files", {"path": "index.html"}, "There is a file index.html already"),
            ("files", {"path": ""}, "This is needed."),
            ("name", {"path": "index.html", "new_path": "style.css"}, "There is a file style.css already"),
            ("files", {"path": "../page.html"}, "is no path inside this app"),
            ("name", {"path": "index.html", "new_path": ".git/config"}, "is no path inside this app"),
            ("uploads", {}, "Choose at least one file."),
        ],
    )
    def test_that_cannot_be_are_refused_in_their_form(self, version, edit, ada, place, sent, said):
        plain, part = ada.post(f"{edit}/{place}", sent), ada.htmx("POST", f"{edit}/{place}", data=sent)

        assert (plain.status_code, part.status_code) == (422, 422)
        assert said in plain.text
        assert said in part.text
        assert 'id="editor-files"' in part.text

    def test_are_found_by_what_they_say(self, edit, ada):
        part = ada.htmx("GET", f"{edit}/search?q=WEBSITE").text
        page = ada.get(f"{edit}/search?q=WEBSITE").text

        assert 'data-open="index.html"' in part
        assert part.lstrip().startswith('<div id="editor-found"')
        assert "tree__found" in page
        assert "No line says" in ada.htmx("GET", f"{edit}/search?q=zzzz").text


class TestThePreview:
    def test_starts_polls_and_stops(self, version, edit, ada, bell):
        waiting = ada.htmx("POST", f"{edit}/preview").text
        bell.work()
        found = queries.open_session_of(version)
        ready = ada.htmx("GET", f"{edit}/preview").text

        assert f'hx-get="{edit}/preview" hx-trigger="every ' in waiting
        assert 'hx-trigger="every' not in ready
        assert f'src="/open-preview?label={found.label}&amp;path=/"' in ready
        assert ada.get(f"{edit}/preview/log").status_code == 200

        stopped = ada.post(f"{edit}/preview/removal")
        assert (stopped.status_code, found.status) == (303, SessionStatus.STOPPED)

    def test_says_why_it_does_not_run(self, version, edit, ada, people, bell):
        operations.update_file(version, by=people.ada, path="index.html", new_path="start.txt")
        for path in ("about.html", "contact.html"):
            operations.delete_file(version, by=people.ada, path=path)
        ada.post(f"{edit}/preview")
        bell.work()

        page = ada.get(edit).text

        assert "It does not run" in page
        assert "says how to run this" in page

    def test_without_one_there_is_no_log(self, edit, ada):
        assert ada.get(f"{edit}/preview/log").status_code == 404
