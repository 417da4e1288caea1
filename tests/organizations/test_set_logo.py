import io
import struct

import pytest
from PIL import Image

from app.core import files
from app.core.db import session
from app.core.files import path_of
from app.organizations import logos
from app.organizations.models import Organization
from app.requests.operations import sweep_files
from tests.support.pictures import BOMB, DRAWING_WITH_SCRIPT, drawing, png

SET = "/acme/settings/logo"


def sent(content: bytes, name: str = "logo.png") -> dict:
    return {"logo": (io.BytesIO(content), name)}


def kept(people) -> Organization:
    return session.get(Organization, people.organization.id, populate_existing=True)


class TestSet:
    @pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
    def test_takes_what_a_browser_shows_and_makes_it_small(self, people, browse, kind):
        browser = browse(people.ada)

        answer = browser.post(SET, sent(drawing(kind, (1200, 600))))

        assert answer.status_code == 303
        with browser.get(kept(people).logo_path) as shown:
            picture = Image.open(io.BytesIO(shown.data))
            assert (picture.format, picture.size) == ("PNG", (256, 128))
            assert shown.mimetype == "image/png"
        assert kept(people).logo_path in browser.get("/acme/members").text

    def test_leaves_out_what_a_camera_wrote_and_turns_it_upright(self, people, browse):
        camera = Image.Exif()
        camera[0x010F], camera[0x0112] = "Camera of Ada", 6  # held sideways
        browser = browse(people.ada)

        browser.post(SET, sent(drawing("JPEG", (400, 200), exif=camera)))

        with browser.get(kept(people).logo_path) as shown:
            assert b"Camera" not in shown.data
            assert Image.open(io.BytesIO(shown.data)).size == (128, 256)

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (DRAWING_WITH_SCRIPT, "Drawings (SVG) can hold programs"),
            (b"GIF89a\x09\x00\x09\x00 and nothing", "broken"),
            (BOMB, "PNG, JPEG, WebP or GIF"),
            (png(8000, 8000), "too much to unpack"),
            (png(300, 300)[:60], "broken"),
            (b"", "PNG, JPEG, WebP or GIF"),
        ],
    )
    def test_refuses_what_is_no_logo(self, people, browse, content, said):
        answer = browse(people.ada).post(SET, sent(content))

        assert answer.status_code == 422
        assert said in answer.text
        assert kept(people).logo_digest is None

    def test_refuses_what_is_too_large(self, people, browse, monkeypatch):
        monkeypatch.setattr(logos, "_MOST_BYTES", 50)

        answer = browse(people.ada).post(SET, sent(drawing()))

        assert (answer.status_code, "a logo may have" in answer.text) == (422, True)

    def test_asks_for_a_picture(self, people, browse):
        answer = browse(people.ada).post(SET, {})

        assert (answer.status_code, "Choose a picture first." in answer.text) == (422, True)

    def test_does_not_unpack_a_picture_that_claims_more_inside(self, people, browse):
        whole = drawing("GIF", (10, 10))
        lying = whole[:6] + struct.pack("<HH", 4100, 4100) + whole[10:]

        assert browse(people.ada).post(SET, sent(lying, "logo.gif")).status_code == 422

    @pytest.mark.parametrize(("who", "status"), [("bob", 403), ("vic", 403), ("eve", 404)])
    def test_is_for_admins(self, people, browse, who, status):
        browser = browse(getattr(people, who))

        assert browser.post(SET, sent(drawing())).status_code == status
        assert browser.post(f"{SET}/removal").status_code == status
        assert kept(people).logo_digest is None


class TestGive:
    @pytest.fixture
    def logo(self, people, browse):
        browse(people.ada).post(SET, sent(drawing()))
        return kept(people).logo_path

    def test_is_kept_by_browsers_of_members(self, people, browse, logo):
        with browse(people.vic).get(logo) as answer:
            assert answer.status_code == 200
            assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
            assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"

    def test_does_not_exist_for_a_stranger(self, people, browse, logo):
        assert browse(people.eve).get(logo).status_code == 404
        assert browse().get(logo).status_code == 302

    def test_survives_the_sweep_until_it_is_taken_down(self, people, browse, logo, monkeypatch):
        monkeypatch.setattr(files.store, "_YOUNG_SECONDS", -1)
        place = path_of(kept(people).logo_digest)

        sweep_files()
        assert place.is_file()
        answer = browse(people.ada).post(f"{SET}/removal")
        sweep_files()

        assert answer.status_code == 303
        assert not place.is_file()
        assert browse(people.ada).get("/acme/logo").status_code == 404

    def test_says_when_its_file_is_gone(self, people, browse, logo):
        path_of(kept(people).logo_digest).unlink()

        assert browse(people.ada).get(logo).status_code == 410
