"""What does not hold is refused by file and line, and leaves nothing behind."""

import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from sqlalchemy import delete, func, select

from app.archives.operations import importing
from app.core.db import Base, session, transaction
from app.core.errors import Invalid
from app.core.installation import installation
from app.organizations.models import Organization
from app.requests.models import Attachment

MANIFEST = "manifest.json"


def changed(archive: bytes, change: Callable[[dict[str, bytes]], None], *, honest: bool = True) -> bytes:
    """Return an archive with other files; an honest one has a manifest that knows of them."""
    with ZipFile(io.BytesIO(archive)) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    change(files)
    if honest and MANIFEST in files:
        files[MANIFEST] = _retold(files)
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return out.getvalue()


def _retold(files: dict[str, bytes]) -> bytes:
    said = json.loads(files[MANIFEST])
    said["entries"] = [
        {"path": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        | ({"rows": len(content.splitlines())} if name.startswith("rows/") else {})
        for name, content in files.items()
        if name != MANIFEST
    ]
    return json.dumps(said).encode()


def line(kind: str, place: int, /, **values: object) -> Callable[[dict[str, bytes]], None]:
    """Say something else in a line."""

    def change(files: dict[str, bytes]) -> None:
        lines = files[f"rows/{kind}.ndjson"].splitlines()
        lines[place - 1] = json.dumps({**json.loads(lines[place - 1]), **values}).encode()
        files[f"rows/{kind}.ndjson"] = b"\n".join(lines) + b"\n"

    return change


def replaced(name: str, content: bytes) -> Callable[[dict[str, bytes]], None]:
    return lambda files: files.__setitem__(name, content)


def bundle_spoilt(files: dict[str, bytes]) -> None:
    name = next(each for each in files if each.startswith("repositories/"))
    files[name] = files[name][:-200] + b"\0" * 200


def said(**values: object) -> Callable[[dict[str, bytes]], None]:
    return lambda files: files.__setitem__(
        MANIFEST, json.dumps({**json.loads(files[MANIFEST]), **values}).encode()
    )


def traces() -> tuple[dict[str, int], list[Path]]:
    """Return how many rows there are of each kind, and all repositories and files."""
    counts = {
        table.name: session.scalar(select(func.count()).select_from(table))
        for table in Base.metadata.sorted_tables
    }
    places = [installation().repositories, installation().files]
    return counts, sorted(
        path for place in places for path in place.glob("*/*" if place.name == "files" else "*")
    )


NOWHERE = "00000000-0000-7000-8000-000000000000"
FAULTS = [
    (
        line("requests", 2, title="x" * 201),
        "rows/requests.ndjson, line 2: `title` is longer than 200 characters.",
    ),
    (line("requests", 1, status="dreaming"), "rows/requests.ndjson, line 1: `status` is none of draft"),
    (line("requests", 1, number=None), "rows/requests.ndjson, line 1: `number` is empty."),
    (
        line("requests", 1, number="one"),
        "rows/requests.ndjson, line 1: `number` is no whole number that fits.",
    ),
    (line("requests", 1, colour="red"), "rows/requests.ndjson, line 1: `colour` is not known here."),
    (line("requests", 1, created_at="today"), "rows/requests.ndjson, line 1: `created_at` is no moment."),
    (line("requests", 1, description="a\0b"), "line 1: `description` holds a character that cannot be kept."),
    (
        line("requests", 1, work_item_url="javascript:alert(1)"),
        "rows/requests.ndjson, line 1: `work_item_url` does not look like one.",
    ),
    (line("requests", 1, assignee_id=NOWHERE), "line 1: `assignee_id` names nothing that is there."),
    (line("requests", 3, duplicate_of_id=NOWHERE), "line 3: `duplicate_of_id` names nothing that is there."),
    (line("requests", 2, number=1), "rows/requests.ndjson, line 2: it does not go with the rest"),
    (
        line("projects", 1, slug="../elsewhere"),
        "rows/projects.ndjson, line 1: `slug` does not look like one.",
    ),
    (
        line("projects", 1, subfolder="../.."),
        "rows/projects.ndjson, line 1: `subfolder` does not look like one.",
    ),
    (line("projects", 1, default_branch="a..b"), "line 1: `default_branch` cannot be the name of a branch."),
    (
        line("people", 2, email="ADA@example.com"),
        "rows/people.ndjson, line 2: its `email` stands there twice.",
    ),
    (replaced("rows/labels.ndjson", b"{nothing\n"), "rows/labels.ndjson, line 1: this is not valid JSON."),
    (replaced("rows/organization.ndjson", b""), "rows/organization.ndjson has to have one line."),
    (replaced("rows/dreams.ndjson", b""), "rows/dreams.ndjson is of no kind that is known here."),
    (replaced("../../etc/passwd", b"root"), "'../../etc/passwd' has no place in an archive."),
    (lambda files: files.pop("rows/votes.ndjson"), "rows/votes.ndjson is missing."),
    (lambda files: files.pop(MANIFEST), "This is no archive of Greenroom: there is no manifest.json in it."),
    (said(version=99), "manifest.json: this is version 99 of the format; version 1 is read."),
    (said(format="something-else"), "manifest.json: the format is not greenroom-archive."),
    (said(madeAt=None), "manifest.json, madeAt: Input should be a valid string."),
    (bundle_spoilt, "holds no repository that can be taken"),
]


class TestAnArchive:
    def test_that_does_not_hold_leaves_nothing(self, people, filled, pack, take_in):
        good, before = pack(), traces()

        for change, words in FAULTS:
            with pytest.raises(Invalid) as refused:
                take_in(changed(good, change))
            assert words in " ".join(error["msg"] for error in refused.value.errors)
            assert traces() == before, words

    def test_that_was_changed_on_the_way_is_refused(self, people, asked, pack, take_in):
        archive = changed(pack(), line("projects", 1, name="Else"), honest=False)

        with pytest.raises(Invalid, match=r"rows/projects\.ndjson is not what the manifest says"):
            take_in(archive)

    def test_that_is_none_is_refused(self, people, take_in):
        with pytest.raises(Invalid, match="it is not a zip file"):
            take_in(b"PK nothing")

    def test_that_is_too_large_is_not_unpacked(self, people, asked, pack, take_in, monkeypatch):
        monkeypatch.setattr(importing, "_MEGABYTE", 1)

        with pytest.raises(Invalid, match="GREENROOM_ARCHIVE_LIMIT_MB"):
            take_in(pack())

    def test_that_fails_at_the_end_leaves_nothing(self, people, filled, pack, take_in, monkeypatch):
        archive, place = pack(), filled.picture.place
        place.unlink()
        with transaction():
            session.execute(delete(Attachment))
        before = traces()

        def fail(_organization: Organization) -> None:
            assert place.exists()
            raise RuntimeError("at the last step")

        monkeypatch.setattr(importing, "settle", fail)
        with pytest.raises(RuntimeError, match="at the last step"):
            take_in(archive)

        assert traces() == before

    def test_says_of_an_attachment_what_its_bytes_say(self, people, filled, pack, take_in):
        take_in(changed(pack(), line("attachments", 1, content_type="text/html", name="../door.png")))

        kinds = {(each.content_type, each.name) for each in session.scalars(select(Attachment)).unique()}
        assert kinds == {("image/png", "door.png")}
