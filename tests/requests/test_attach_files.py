import io
import os
from html import unescape

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from app.core import files
from app.core.clock import now
from app.core.db import session, transaction
from app.core.installation import installation
from app.requests import operations as requests
from app.requests.models import Attachment, ProductRequest
from app.requests.queries import attachments_of
from tests.support.pictures import BOMB, DRAWING_WITH_SCRIPT, PICTURE, jpeg


def sent(*files_: tuple[str, bytes]) -> list[tuple[io.BytesIO, str]]:
    return [(io.BytesIO(content), name) for name, content in files_]


def form(fields: dict[str, str], *files_: tuple[str, bytes]) -> dict[str, object]:
    """Return a form as bytes; the client would leave a large one lying in an open file."""
    parts = MultiDict[str, object](fields)
    parts.setlist("files", [FileStorage(stream, filename=name) for stream, name in sent(*files_)])
    boundary, body = encode_multipart(parts)
    return {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}


@pytest.fixture
def project(people):
    return people.project()


@pytest.fixture
def ask(browse, people, project):
    """File a request with files, as Rae, by the plain form."""

    def send(*files_: tuple[str, bytes], title: str = "A door", **more: object):
        return browse(people.rae).post(f"{project.path}/requests", **form({"title": title, **more}, *files_))

    return send


def the_request() -> ProductRequest:
    return session.scalars(select(ProductRequest)).one()


class TestFile:
    def test_takes_pictures_and_files_along(self, ask, people, browse):
        assert ask(("door.png", PICTURE), ("notes.txt", b"Blue, please.")).status_code == 303

        door, notes = attachments_of(the_request())
        assert (door.name, door.content_type, door.width, door.is_picture) == (
            "door.png",
            "image/png",
            2,
            True,
        )
        assert (notes.content_type, notes.size, notes.is_picture) == ("text/plain", 13, False)
        page = browse(people.vic).get(the_request().path).text
        assert f'src="{door.path}"' in page
        assert "notes.txt" in page
        assert "13 B" in page

    @pytest.mark.parametrize(
        "name",
        ["../../etc/passwd", "..\\..\\passwd", "/etc/passwd", "C:\\fakepath\\passwd", "pass\x00wd\r\n\x7f"],
    )
    def test_takes_no_folders_from_a_name(self, ask, name):
        assert files.clean_name(name) == "passwd"

    def test_puts_nothing_anywhere_else(self, ask):
        ask(("../../etc/passwd", b"text"))

        (file,) = attachments_of(the_request())
        assert file.name == "passwd"
        assert file.place.is_relative_to(installation().files)

    @pytest.mark.parametrize(
        ("name", "kept"),
        [("..", "file"), ("", "file"), ("a" * 300 + ".jpeg", "a" * 145 + ".jpeg"), ("é" * 300, "é" * 150)],
    )
    def test_gives_every_file_a_name_of_bearable_length(self, name, kept):
        assert files.clean_name(name) == kept

    def test_keeps_names_in_any_script(self, ask, people, browse):
        ask(("תמונה 📷.png", PICTURE), title="שלום 👋 مرحبا")

        (file,) = attachments_of(the_request())
        answer = browse(people.rae).get(file.path, buffered=True)
        assert file.name == "תמונה 📷.png"
        assert "filename*=UTF-8''" in answer.headers["Content-Disposition"]
        assert "שלום 👋 مرحبا" in browse(people.vic).get(the_request().path).text

    def test_keeps_no_marks_that_turn_a_name_around(self, ask):
        ask(("invoice\u202egnp.exe", b"MZ"))

        assert attachments_of(the_request())[0].name == "invoicegnp.exe"

    def test_keeps_the_same_content_once(self, ask):
        ask(("a.png", PICTURE), ("b.png", PICTURE))

        first, second = attachments_of(the_request())
        assert first.place == second.place


class TestRefusedForm:
    def test_loses_neither_words_nor_files(self, ask, people, browse, project):
        refused = ask(("door.png", PICTURE), title="x" * 10_000, description="A blue one")

        assert refused.status_code == 422
        assert "x" * 10_000 in refused.text
        assert "A blue one" in refused.text
        (kept,) = session.scalars(select(Attachment))
        assert f'name="kept" value="{kept.id}"' in refused.text
        again = {"title": "A door", "kept": str(kept.id)}
        assert browse(people.rae).post(f"{project.path}/requests", data=again).status_code == 303
        assert [file.name for file in attachments_of(the_request())] == ["door.png"]

    def test_gives_nobody_elses_files_away(self, ask, people, browse, project):
        ask(("door.png", PICTURE), title="")
        (kept,) = session.scalars(select(Attachment))

        stolen = {"title": "Mine", "kept": [str(kept.id), "nonsense"]}
        browse(people.bob).post(f"{project.path}/requests", data=stolen)

        assert attachments_of(the_request()) == []

    def test_answers_a_form_of_ten_megabytes(self, ask):
        answer = ask(description="y" * 10 * 1024 * 1024)

        assert answer.status_code == 422
        assert "at most 20000 characters" in answer.text
        assert "y" * 10 * 1024 * 1024 in answer.text

    def test_names_what_is_too_large_or_empty_and_keeps_the_rest(self, ask):
        most = installation().file_limit_mb * 1024 * 1024

        answer = ask(("film.mp4", b"\0" * (most + 1)), ("door.png", PICTURE), ("empty.txt", b""))

        assert answer.status_code == 422
        assert "film.mp4 has 25.0 MB; a file may have 25 MB." in unescape(answer.text)
        assert "empty.txt is empty." in answer.text
        assert [file.name for file in session.scalars(select(Attachment))] == ["door.png"]

    def test_says_that_there_are_too_many(self, ask):
        answer = ask(*((f"{n}.txt", b"text") for n in range(21)))

        assert answer.status_code == 422
        assert "20.txt is one too many" in answer.text


class TestKind:
    @pytest.mark.parametrize(
        ("name", "content", "kind", "size"),
        [
            ("page.png", PICTURE, "image/png", (2, 2)),
            ("photo.txt", jpeg(4000, 3000), "image/jpeg", (4000, 3000)),
            ("moving.gif", b"GIF89a\x05\x00\x04\x00" + b"\0" * 20, "image/gif", (5, 4)),
            (
                "small.webp",
                b"RIFF\x00\x00\x00\x00WEBPVP8X" + b"\0" * 8 + b"\x09\x00\x00\x07\x00\x00",
                "image/webp",
                (10, 8),
            ),
            ("bomb.png", BOMB, "application/octet-stream", (None, None)),
            ("drawing.svg", DRAWING_WITH_SCRIPT, "text/plain", (None, None)),
            ("picture.png", b"<html><script>alert(1)</script>", "text/plain", (None, None)),
            ("cut.jpg", b"\xff\xd8\xff\xe0\x00", "application/octet-stream", (None, None)),
            ("paper.png", b"%PDF-1.7 \0", "application/pdf", (None, None)),
            ("archive.zip", b"PK\x03\x04 and more", "application/zip", (None, None)),
        ],
    )
    def test_is_what_the_content_says(self, ask, name, content, kind, size):
        ask((name, content))

        (file,) = attachments_of(the_request())
        assert (file.content_type, (file.width, file.height)) == (kind, size)


class TestGive:
    def test_shows_a_picture_where_nothing_can_run(self, ask, people, browse):
        ask(("door.png", PICTURE))

        answer = browse(people.vic).get(attachments_of(the_request())[0].path, buffered=True)

        assert (answer.data, answer.content_type) == (PICTURE, "image/png")
        assert answer.headers["Content-Disposition"].startswith("inline")
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "private, no-cache"

    @pytest.mark.parametrize(
        ("name", "content"),
        [("drawing.svg", DRAWING_WITH_SCRIPT), ("page.html", b"<script>alert(1)</script>"), ("b.png", BOMB)],
    )
    def test_lets_everything_else_be_saved_only(self, ask, people, browse, name, content):
        ask((name, content))

        answer = browse(people.vic).get(attachments_of(the_request())[0].path, buffered=True)

        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.content_type == "application/octet-stream"
        assert "<img" not in browse(people.vic).get(f"{the_request().path}/files").text

    def test_says_when_nothing_changed(self, ask, people, browse):
        ask(("door.png", PICTURE))
        (file,) = attachments_of(the_request())

        answer = browse(people.vic).get(
            file.path, buffered=True, headers={"If-None-Match": f'"{file.digest}"'}
        )

        assert answer.status_code == 304

    def test_does_not_exist_for_strangers_or_under_another_request(self, ask, people, browse, project):
        ask(("door.png", PICTURE))
        (file,) = attachments_of(the_request())
        other = people.request(project)

        assert browse(people.eve).get(file.path).status_code == 404
        assert browse(people.rae).get(f"{other.path}/files/{file.id}").status_code == 404

    def test_says_so_when_its_bytes_are_gone(self, ask, people, browse):
        ask(("door.png", PICTURE))
        (file,) = attachments_of(the_request())
        file.place.unlink()

        answer = browse(people.rae).get(file.path)

        assert answer.status_code == 410
        assert "door.png" in answer.text


class TestAdd:
    def test_adds_and_takes_away_on_the_page(self, ask, people, browse):
        ask()
        wanted = the_request()

        part = browse(people.bob).htmx(
            "POST", f"{wanted.path}/files", data={"files": sent(("a.png", PICTURE))}
        )
        (file,) = attachments_of(wanted)
        gone = browse(people.bob).htmx("POST", f"{file.path}/removal")

        assert 'id="files"' in part.text
        assert "a.png" in part.text
        assert "a.png" not in gone.text
        feed = browse(people.vic).get(wanted.path).text
        assert "added a.png" in feed
        assert "took a.png away" in feed

    def test_asks_for_a_file(self, ask, people, browse):
        ask()

        answer = browse(people.rae).post(f"{the_request().path}/files")

        assert answer.status_code == 422
        assert "Choose a picture or a file first." in answer.text

    def test_holds_to_what_one_request_may_have(self, ask, people, browse, monkeypatch):
        ask(("a.txt", b"x" * 600_000))
        monkeypatch.setitem(installation().__dict__, "files_limit_mb", 1)

        answer = browse(people.rae).post(f"{the_request().path}/files", **form({}, ("b.txt", b"y" * 600_000)))

        assert answer.status_code == 422
        assert "The files of one request may have 1 MB together." in answer.text
        assert len(attachments_of(the_request())) == 1

    def test_comes_with_a_comment(self, ask, people, browse):
        ask()
        wanted = the_request()

        said = browse(people.bob).htmx(
            "POST", f"{wanted.path}/comments", data={"files": sent(("a.png", PICTURE))}
        )
        refused = browse(people.bob).htmx("POST", f"{wanted.path}/comments", data={"text": " "})

        (file,) = attachments_of(wanted)
        assert said.status_code == 200
        assert f'src="{file.path}"' in said.text
        assert file.activity_id is not None
        assert refused.status_code == 422

    def test_is_taken_away_by_its_owner_or_an_admin(self, ask, people, browse):
        ask(("a.png", PICTURE), ("b.png", PICTURE))
        first, second = attachments_of(the_request())

        assert browse(people.bob).post(f"{first.path}/removal").status_code == 403
        assert browse(people.eve).post(f"{first.path}/removal").status_code == 404
        assert browse(people.rae).post(f"{first.path}/removal").status_code == 303
        assert browse(people.ada).post(f"{second.path}/removal").status_code == 303
        assert attachments_of(the_request()) == []


class TestForPrograms:
    def test_uploads_lists_and_deletes(self, people, project, api):
        request, key = people.request(project), people.key(people.rae)
        address = f"/requests/{request.id}/attachments"

        made = api("POST", address, key, **form({}, ("a.png", PICTURE), ("b.txt", b"text")))
        listed = api("GET", address, people.key(people.vic)).json["data"]
        deleted = api("DELETE", f"{address}/{listed[0]['id']}", key)

        assert made.status_code == 201
        assert made.json["data"] == listed
        assert [(each["name"], each["contentType"], each["size"]) for each in listed] == [
            ("a.png", "image/png", len(PICTURE)),
            ("b.txt", "text/plain", 4),
        ]
        assert listed[0]["url"] == f"http://greenroom.test{request.path}/files/{listed[0]['id']}"
        assert deleted.status_code == 204
        assert len(api("GET", address, key).json["data"]) == 1

    def test_gives_the_bytes_to_a_key(self, people, project, api, app):
        request, key = people.request(project), people.key(people.vic)
        (file,) = requests.attach(request, [files.Upload("a.txt", io.BytesIO(b"text"))], by=people.rae)

        answer = app.test_client().get(file.path, buffered=True, headers={"Authorization": f"Bearer {key}"})

        assert answer.data == b"text"

    def test_refuses_all_when_one_does_not_hold(self, people, project, api):
        request, key = people.request(project), people.key(people.rae)

        answer = api(
            "POST",
            f"/requests/{request.id}/attachments",
            key,
            data={"files": sent(("a.png", PICTURE), ("b.txt", b""))},
        )

        assert answer.status_code == 422
        assert answer.json["errors"][0]["loc"] == ["body", "files"]
        assert attachments_of(request) == []


class TestSweep:
    def age(self, file: Attachment) -> None:
        os.utime(file.place, (1, 1))

    def test_forgets_what_no_form_came_back_for(self, ask):
        ask(("left.txt", b"left"), title="")
        ask(("used.txt", b"used"))
        left, used = session.scalars(select(Attachment).order_by(Attachment.id))
        with transaction():
            left.created_at = now() - requests.attachments.PATIENCE * 2
        self.age(left)
        self.age(used)

        requests.sweep_files()

        assert not left.place.exists()
        assert used.place.exists()

    def test_lets_young_files_be_and_removes_what_a_crash_left(self, ask, database):
        requests.sweep_files()
        stray = files.keep(io.BytesIO(b"stray"))
        cut = installation().files / ".new-cut"
        cut.write_bytes(b"half")

        assert requests.sweep_files() == 0

        os.utime(files.path_of(stray), (1, 1))
        os.utime(cut, (1, 1))
        assert requests.sweep_files() == 2
        assert not cut.exists()


class TestDoctor:
    def test_misses_what_is_gone(self, ask):
        ask(("door.png", PICTURE))
        (file,) = attachments_of(the_request())
        assert requests.disagreements() == []
        file.place.unlink()

        assert requests.disagreements() == [
            f"File {file.id}, door.png, should lie at {file.place}, and does not."
        ]


class TestAgents:
    def test_get_them_under_names_that_differ(self, people, project):
        from app.development.agent_run import attached_files, prompt_for

        request = people.request(project)
        uploads = [files.Upload(name, io.BytesIO(PICTURE)) for name in ("a.png", "a.png", ".env")]
        requests.attach(request, uploads, by=people.rae)

        found = attached_files(request)

        assert [each.name for each in found] == ["a.png", "a-2.png", "env"]
        assert found[0].bytes == PICTURE
        assert "[a-2.png](http://greenroom.test" in prompt_for(request, [])

    def test_write_them_into_the_outline(self, people, bell):
        from app.development import operations as development
        from app.projects.queries import repository_of
        from tests.support.road import ready_request

        request = ready_request(people)
        requests.attach(request, [files.Upload("door.png", io.BytesIO(PICTURE))], by=people.rae)
        development.start(request, by=people.bob, agent="outline")
        bell.work()

        repository = repository_of(request.project)
        tip = repository.head(request.working_branch)
        document = repository.blob(tip, "docs/requests/1-show-opening-hours.md").decode()
        assert "[door.png](http://greenroom.test" in document
