"""Files of a version of an app as programs list, read and save them, beside git itself on the same repository."""

import io
import subprocess
import tempfile
import time
import uuid
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.measures.figure import Figure, p95, spoken, times
from tests.support.installation import Installation

FILES = 1_000
ROUNDS = 100
SAVES = 50
_AUTHOR = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")


def list_version(here: Installation) -> Figure:
    """List a folder of a thousand files, none of them packed yet, with the size of each."""
    shop = Shop.made(here)
    assert len(shop.listed()) == FILES
    ours, bare = _in_turns(
        lambda _: shop.listed(), lambda _: _git("ls-tree", "-l", "main:src", folder=shop.repository)
    )
    name = f"list {FILES:,} files of a version in one page, 95th percentile"
    return times(name, ours, bare, "`git ls-tree -l`, one process each", 0.05)


def read_version(here: Installation) -> Figure:
    """Read files, and look whether anything was laid out for that."""
    shop = Shop.made(here)
    before = shop.folders()
    ours, bare = _in_turns(
        lambda number: shop.read(number % FILES),
        lambda number: _git("cat-file", "blob", f"main:{_path(number % FILES)}", folder=shop.repository),
    )
    worktrees = len(_git("worktree", "list", folder=shop.repository).splitlines()) - 1
    added = worktrees + len(shop.folders() - before)
    return Figure(
        "read a file of a version, 95th percentile",
        f"{spoken(ours)}, {added} worktrees and folders added by {ROUNDS}",
        f"{spoken(bare)}: `git cat-file`, one process each",
        f"{ours / bare:.2f}",
        "none added",
        added == 0,
    )


def save_version(here: Installation) -> Figure:
    """Save one file again and again, and count what came of it."""
    shop = Shop.made(here)
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder, "clone")
        _git("clone", "-q", str(shop.repository), str(clone), folder=Path(folder))

        def commit(number: int) -> None:
            (clone / _path(0)).write_text(f"by git {number}\n")
            _git(*_AUTHOR, "commit", "-qam", "Change it", folder=clone)

        before = shop.commits()
        ours, bare = _in_turns(lambda number: shop.save(f"saved {number}\n"), commit, rounds=SAVES)
    made = shop.commits() - before
    return Figure(
        f"save a file of a version of {FILES:,}, 95th percentile",
        f"{spoken(ours)}, {made} commits by {SAVES}",
        f"{spoken(bare)}: `git commit` in a clone",
        f"{ours / bare:.2f}",
        f"{SAVES} commits",
        made == SAVES,
    )


@dataclass(frozen=True)
class Shop:
    """An app of a thousand files in one folder."""

    here: Installation
    id: str
    version: str

    @classmethod
    def made(cls, here: Installation) -> "Shop":
        """Make one from a zip."""
        organization = here.get("/api/users/me").data["organizations"][0]["id"]
        body = {"organizationId": organization, "name": f"Files {uuid.uuid4().hex[:6]}", "starter": "static"}
        project = here.post("/api/admin/projects", body).data
        kind, sent = _form({"workspaceId": project["id"], "name": "Shop"}, _packed())
        made = here.post("/api/apps/import", sent, headers={"Content-Type": kind}).json
        return cls(here, made["id"], made["defaultVersionId"])

    @property
    def repository(self) -> Path:
        return self.here.home / "repositories" / f"{self.id}.git"

    def listed(self) -> list[object]:
        found: list[object] = self.here.get(f"/api/app-versions/{self.version}/files?path=src").json["data"]
        return found

    def read(self, number: int) -> object:
        return self.here.get(f"/api/app-versions/{self.version}/files/read?path={_path(number)}").json[
            "content"
        ]

    def save(self, content: str) -> None:
        sent = {"path": _path(0), "content": content}
        answer = self.here.request("PATCH", f"/api/app-versions/{self.version}/files", sent)
        assert answer.status == 200, answer.text

    def commits(self) -> int:
        return int(_git("rev-list", "--count", "main", folder=self.repository))

    def folders(self) -> set[Path]:
        """Every folder that anything could be laid out in."""
        places = [self.repository, self.here.home / "checkouts"]
        return {path for place in places for path in place.rglob("*") if path.is_dir()}


def _in_turns(
    ours: Callable[[int], object], bare: Callable[[int], object], *, rounds: int = ROUNDS
) -> tuple[float, float]:
    taken: dict[bool, list[float]] = {True: [], False: []}
    for number in range(rounds):
        for is_ours, call in ((True, ours), (False, bare)):
            begin = time.perf_counter()
            call(number)
            taken[is_ours].append(time.perf_counter() - begin)
    return p95(taken[True]), p95(taken[False])


def _path(number: int) -> str:
    return f"src/file-{number}.js"


def _packed() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("index.html", "<h1>Shop</h1>")
        for number in range(FILES):
            archive.writestr(_path(number), f"export const number = {number};\n" * 20)
    return packed.getvalue()


def _form(fields: dict[str, str], archive: bytes) -> tuple[str, bytes]:
    """Write a form with a file as `multipart/form-data`; returns its content type and its bytes."""
    mark = uuid.uuid4().hex
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'--{mark}\r\nContent-Disposition: form-data; name="archive"; filename="shop.zip"\r\n\r\n'
    return f"multipart/form-data; boundary={mark}", b"".join(
        [*parts, head.encode(), archive, f"\r\n--{mark}--\r\n".encode()]
    )


def _git(*arguments: str, folder: Path) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout
