import base64
import io
import zipfile

import pytest

from app.apps import operations, queries
from app.apps.events import VersionMoved
from app.core import events
from app.core.errors import NotAllowed
from app.projects.models import Starter

PICTURE = b"\x89PNG\r\n\x1a\n\0\xff"


@pytest.fixture
def files(people, api, main):
    """Ask about the files of the shop's main version, as Bob unless somebody else is named."""
    keys = {}

    def files(method, rest="", *, by=None, version=main, **more):
        by = by or people.bob
        if by.id not in keys:
            keys[by.id] = people.key(by, organization=people.elsewhere if by is people.eve else None)
        return api(method, f"/app-versions/{version.id}/files{rest}", keys[by.id], **more)

    return files


class TestRead:
    def test_lists_a_folder_with_folders_first(self, files, people, main):
        operations.create_file(main, by=people.bob, path="src/deep/main.js", content=b"let a")

        top = files("GET", by=people.vic).json["data"]
        below = files("GET", "?path=src/deep/").json["data"]

        assert [each["name"] for each in top if each["isDirectory"]] == ["images", "src"]
        assert top[1] == {"name": "src", "path": "src", "isDirectory": True, "size": 0}
        assert below == [{"name": "main.js", "path": "src/deep/main.js", "isDirectory": False, "size": 5}]

    def test_lists_all_there_is(self, files, people, main):
        operations.create_file(main, by=people.bob, path="src/deep/main.js", content=b"let a")

        found = files("GET", "?recursive=true").json["data"]

        assert [each["path"] for each in found if each["isDirectory"]] == ["images", "src", "src/deep"]
        assert "src/deep/main.js" in [each["path"] for each in found]

    def test_gives_texts_and_says_what_they_are(self, files, people, main):
        operations.create_file(main, by=people.bob, path="src/App.tsx", content="ü".encode())

        answer = files("GET", "/read?path=src/App.tsx", by=people.vic).json

        assert (answer["content"], answer["contentType"], answer["size"]) == ("ü", "text/typescript", 2)

    def test_gives_every_blank_of_a_text(self, files, people, main):
        operations.create_file(main, by=people.bob, path="a.py", content=b"\n    one\n\ttwo \n\n")

        assert files("GET", "/read?path=a.py").json["content"] == "\n    one\n\ttwo \n\n"

    def test_gives_what_is_no_text_as_base64(self, files, people, main):
        operations.create_file(main, by=people.bob, path="a.png", content=PICTURE)

        refused = files("GET", "/read?path=a.png")
        answer = files("GET", "/read?path=a.png&encoding=base64").json

        assert refused.status_code == 422
        assert base64.b64decode(answer["content"]) == PICTURE
        assert answer["contentType"] == "image/png"

    @pytest.mark.parametrize(
        ("path", "status"),
        [("missing", 404), ("../etc", 400), ("/etc/passwd", 400), ("a/../b", 400), (".git/config", 400)],
    )
    def test_stays_inside(self, files, path, status):
        assert files("GET", f"/read?path={path}").status_code == status
        assert files("GET", f"?path={path}").status_code == status

    def test_is_nothing_to_a_stranger(self, files, people):
        assert files("GET", by=people.eve).status_code == 404
        assert files("GET", "/read?path=index.html", by=people.eve).status_code == 404

    def test_makes_no_worktree(self, files, shop):
        before = sorted(path for path in shop.repository_path.parent.rglob("*") if path.is_dir())

        files("GET", "/read?path=index.html")

        assert sorted(path for path in shop.repository_path.parent.rglob("*") if path.is_dir()) == before


class TestCreate:
    def test_is_one_commit_of_its_author(self, files, people, main):
        before = len(queries.commits_of(main))

        answer = files("POST", json={"path": "src/new.js", "content": "  let a\n"})

        assert answer.status_code == 201, answer.json
        assert (answer.json["success"], answer.json["path"]) == (True, "src/new.js")
        assert queries.file_at(main, "src/new.js").text == "  let a\n"
        commits = queries.commits_of(main)
        assert (len(commits), commits[0].sha, commits[0].author) == (
            before + 1,
            answer.json["commit"],
            "Bob Builder",
        )

    def test_takes_bytes_as_base64(self, files, main):
        files(
            "POST",
            json={"path": "a.png", "content": base64.b64encode(PICTURE).decode(), "encoding": "base64"},
        )

        assert queries.file_at(main, "a.png").content == PICTURE

    @pytest.mark.parametrize(
        ("sent", "status"),
        [
            ({"path": "index.html", "content": ""}, 409),
            ({"path": "index.html/more", "content": ""}, 422),
            ({"path": "../evil", "content": ""}, 400),
            ({"path": ".git/hooks/x", "content": ""}, 400),
            ({"path": "/", "content": ""}, 400),
            ({"path": "new"}, 422),
            ({"path": "new", "content": "%", "encoding": "base64"}, 422),
            ({"path": "new", "content": "x" * (5 * 1024 * 1024 + 1)}, 422),
        ],
    )
    def test_says_what_does_not_hold(self, files, main, sent, status):
        before = queries.tip_of(main)

        assert files("POST", json=sent).status_code == status

        assert queries.tip_of(main) == before

    def test_begins_an_empty_app(self, people, make_app):
        version = queries.default_version(make_app(starter=Starter.EMPTY))

        operations.create_file(version, by=people.bob, path="index.html", content=b"Hi")

        assert queries.file_at(version, "index.html").text == "Hi"

    def test_is_announced(self, people, main, monkeypatch):
        heard = []
        monkeypatch.setitem(events._handlers, VersionMoved, [heard.append])

        saved = operations.create_file(main, by=people.bob, path="new", content=b"")

        assert [(fact.version, fact.commit, fact.by) for fact in heard] == [(main, saved.commit, people.bob)]


class TestUpdate:
    def test_writes_over_what_was_read(self, files, main):
        read = files("GET", "/read?path=index.html").json

        answer = files("PATCH", json={"path": "index.html", "content": "new", "ifMatch": read["blobId"]})

        assert answer.status_code == 200
        assert queries.file_at(main, "index.html").blob_id == answer.json["blobId"] != read["blobId"]

    def test_shows_both_sides_where_somebody_was_quicker(self, files, people, main):
        read = files("GET", "/read?path=index.html").json
        operations.update_file(main, by=people.ada, path="index.html", content=b"theirs")

        answer = files("PATCH", json={"path": "index.html", "content": "mine", "ifMatch": read["blobId"]})

        assert answer.status_code == 409
        assert answer.json["current"]["content"] == "theirs"
        assert answer.json["sent"]["content"] == "mine"
        assert queries.file_at(main, "index.html").text == "theirs"
        assert files("PATCH", json={
            "path": "index.html", "content": "mine", "ifMatch": answer.json["current"]["blobId"]
        }).status_code == 200  # fmt: skip

    def test_moves_a_file(self, files, main):
        text = queries.file_at(main, "about.html").text

        answer = files("PATCH", json={"path": "about.html", "newPath": "pages/about.html"})

        assert answer.json["path"] == "pages/about.html"
        paths = queries.repository_of_app(main.app).files(main.branch)
        assert ("about.html" in paths, "pages/about.html" in paths) == (False, True)
        assert queries.file_at(main, "pages/about.html").text == text

    @pytest.mark.parametrize(
        ("sent", "status"),
        [
            ({"path": "missing", "content": ""}, 404),
            ({"path": "index.html"}, 422),
            ({"path": "index.html", "newPath": "about.html"}, 409),
            ({"path": "index.html", "newPath": "../evil"}, 400),
            ({"path": "index.html", "newPath": "about.html/x"}, 422),
        ],
    )
    def test_says_what_does_not_hold(self, files, main, sent, status):
        before = queries.tip_of(main)

        assert files("PATCH", json=sent).status_code == status

        assert queries.tip_of(main) == before

    def test_makes_no_commit_of_nothing(self, files, main):
        before = queries.tip_of(main)
        text = queries.file_at(main, "index.html").text

        assert files("PATCH", json={"path": "index.html", "content": text}).json["commit"] == before


class TestDelete:
    def test_takes_a_file_or_a_folder(self, files, people, main):
        for path in ("src/a", "src/deep/b"):
            operations.create_file(main, by=people.bob, path=path, content=b"")

        assert files("DELETE", "?path=about.html").status_code == 200
        assert files("DELETE", "?path=src").status_code == 200

        left = queries.repository_of_app(main.app).files(main.branch)
        assert [path for path in left if path.startswith(("src", "about"))] == []

    def test_knows_what_is_not_there(self, files):
        assert files("DELETE", "?path=missing").status_code == 404
        assert files("DELETE").status_code == 422


class TestWhoMay:
    @pytest.mark.parametrize(("who", "status"), [("eve", 404), ("vic", 403), ("rae", 403)])
    def test_save(self, files, people, main, who, status):
        before, by = queries.tip_of(main), getattr(people, who)

        assert files("POST", by=by, json={"path": "new", "content": ""}).status_code == status
        assert files("PATCH", by=by, json={"path": "index.html", "content": ""}).status_code == status
        assert files("DELETE", "?path=index.html", by=by).status_code == status

        assert queries.tip_of(main) == before

    def test_save_what_goes_live_past_review(self, people, make_app, bell):
        first = queries.default_version(queries.first_app(make_app.project))

        with pytest.raises(NotAllowed, match="Fork it"):
            operations.create_file(first, by=people.bob, path="new", content=b"")
        saved = operations.create_file(first, by=people.ada, path="new", content=b"")

        assert queries.was_deployed(first.app, saved.commit)


class TestMany:
    def test_are_found_by_what_they_say(self, files, people, main):
        operations.create_file(main, by=people.bob, path="a.txt", content=b"one\n  Two Birds\n")
        operations.create_file(main, by=people.bob, path="b.bin", content=b"\0two birds")

        found = files("GET", "/search?query=two birds", by=people.vic).json["data"]

        assert found == [{"path": "a.txt", "line": 2, "text": "Two Birds"}]
        assert files("GET", "/search?query=").status_code == 422
        assert files("GET", "/search?query=two", by=people.eve).status_code == 404

    def test_are_uploaded_in_one_commit(self, files, main):
        before = len(queries.commits_of(main))
        sent = [(io.BytesIO(PICTURE), "a.png"), (io.BytesIO(b"new"), "index.html")]

        answer = files("POST", "/upload?folder=img", data={"files": sent})

        assert answer.status_code == 201, answer.json
        assert queries.file_at(main, "img/a.png").content == PICTURE
        assert len(queries.commits_of(main)) == before + 1
        assert files("POST", "/upload", data={}).status_code == 422
        assert files("POST", "/upload?folder=../x", data={"files": (io.BytesIO(b""), "a")}).status_code == 400

    def test_are_downloaded_as_a_zip(self, people, api, main):
        answer = api("GET", f"/app-versions/{main.id}/archive", people.key(people.vic))

        assert answer.mimetype == "application/zip"
        with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
            assert archive.namelist() == queries.repository_of_app(main.app).files(main.branch)
            assert archive.read("index.html") == queries.file_at(main, "index.html").content
