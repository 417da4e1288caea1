import os
from email.utils import formatdate

import pytest

from app.engine.gateway import static_files

SITE = {
    "index.html": "<h1>home",
    "about.html": "<h1>about",
    "docs/index.html": "<h1>docs",
    "app.js": "let a = 1",
    "style.css": "a{}",
    "data.json": "{}",
    "pic.svg": "<svg/>",
    "font.woff2": b"wOF2",
    "big.bin": bytes(range(256)) * 8000,
    "ten.txt": "0123456789",
    "latin.html": "<meta charset=iso-8859-1>",
    ".env": "SECRET=1",
    ".git/config": "secret",
    ".well-known/security.txt": "Contact: us",
    "sub/.hidden/x.txt": "secret",
    "ü/ä.txt": "umlaut",
}


async def get(house, path, *, label="one", **more):
    async with house.ask(label, path, **more) as answer:
        return answer.status, answer.headers, await answer.read()


class TestServeFiles:
    @pytest.mark.parametrize(
        ("path", "content", "kind"),
        [
            ("/", b"<h1>home", "text/html; charset=utf-8"),
            ("/index.html", b"<h1>home", "text/html; charset=utf-8"),
            ("/about", b"<h1>about", "text/html; charset=utf-8"),
            ("/docs/", b"<h1>docs", "text/html; charset=utf-8"),
            ("/app.js?v=1", b"let a = 1", "text/javascript; charset=utf-8"),
            ("/style.css", b"a{}", "text/css; charset=utf-8"),
            ("/data.json", b"{}", "application/json"),
            ("/pic.svg", b"<svg/>", "image/svg+xml"),
            ("/font.woff2", b"wOF2", "font/woff2"),
            ("/latin.html", b"<meta charset=iso-8859-1>", "text/html"),
            ("/.well-known/security.txt", b"Contact: us", "text/plain; charset=utf-8"),
            ("/%C3%BC/%C3%A4.txt", b"umlaut", "text/plain; charset=utf-8"),
        ],
    )
    def test_finds_what_a_path_means(self, house, path, content, kind):
        async def scenario(house):
            house.static("one", SITE)
            status, headers, body = await get(house, path)

            assert (status, body, headers["Content-Type"]) == (200, content, kind)
            assert headers["Cache-Control"] == "no-cache"

        house.run(scenario)

    @pytest.mark.parametrize(
        "path",
        [
            "/../outside.txt",
            "/..%2foutside.txt",
            "/%2e%2e/outside.txt",
            "/docs/../../outside.txt",
            "/..%5coutside.txt",
            "/.env",
            "/.git/config",
            "/sub/.hidden/x.txt",
            "/link.txt",
            "/links/outside.txt",
            "/inside-to-hidden",
            "/%00",
            "/app.js%00.html",
            "/pipe",
            "/nothing",
            "/app.js/",
            "//etc/passwd",
        ],
    )
    def test_lets_nothing_out(self, house, path):
        async def scenario(house):
            folder = house.static("one", SITE)
            (folder.parent / "outside.txt").write_text("secret")
            (folder / "link.txt").symlink_to("../outside.txt")
            (folder / "links").symlink_to("..")
            (folder / "inside-to-hidden").symlink_to(".git/config")
            os.mkfifo(folder / "pipe")
            status, _, body = await get(house, path)

            assert status == 404
            assert b"secret" not in body
            assert b"SECRET" not in body

        house.run(scenario)

    def test_follows_a_link_that_stays_inside(self, house):
        async def scenario(house):
            folder = house.static("one", SITE)
            (folder / "alias.txt").symlink_to("ten.txt")

            assert (await get(house, "/alias.txt"))[2] == b"0123456789"

        house.run(scenario)

    def test_adds_the_slash_to_a_folder(self, house):
        async def scenario(house):
            house.static("one", SITE)
            status, headers, _ = await get(house, "/docs?x=1")
            assert (status, headers["Location"]) == (302, "/docs/?x=1")
            status, headers, _ = await get(house, "//docs")
            assert (status, headers["Location"]) == (302, "/docs/")

        house.run(scenario)

    def test_serves_the_sites_own_404(self, house):
        async def scenario(house):
            house.static("one", {**SITE, "404.html": "lost here"})
            status, _, body = await get(house, "/nothing")
            assert (status, body) == (404, b"lost here")

        house.run(scenario)

    def test_leaves_paths_to_a_single_page_app(self, house):
        async def scenario(house):
            house.static("one", SITE, spa=True)
            assert (await get(house, "/orders/12"))[::2] == (200, b"<h1>home")
            assert (await get(house, "/missing.js"))[0] == 404
            assert (await get(house, "/.env"))[0] == 404

        house.run(scenario)

    def test_answers_304_only_for_the_same_file(self, house):
        async def scenario(house):
            folder = house.static("one", SITE)
            _, headers, _ = await get(house, "/ten.txt")
            known = {"If-None-Match": headers["ETag"]}
            dated = {"If-Modified-Since": headers["Last-Modified"]}
            assert (await get(house, "/ten.txt", headers=known))[::2] == (304, b"")
            assert (await get(house, "/ten.txt", headers={"If-None-Match": f'"x", W/{headers["ETag"]}'}))[
                0
            ] == 304
            assert (await get(house, "/ten.txt", headers=dated))[0] == 304

            (folder / "ten.txt").write_text("abcdefghij")
            os.utime(folder / "ten.txt", (1_000_000_000, 1_000_000_000))  # an older file, as after a rollback
            assert (await get(house, "/ten.txt", headers=known))[::2] == (200, b"abcdefghij")
            assert (await get(house, "/ten.txt", headers=dated))[0] == 200
            assert (await get(house, "/ten.txt"))[1]["Last-Modified"] == formatdate(
                1_000_000_000, usegmt=True
            )

        house.run(scenario)

    def test_tells_two_builds_apart_though_size_and_time_agree(self, house):
        async def scenario(house):
            tags = []
            for build, content in (("a", "1"), ("b", "2")):
                folder = house.static(build, {"x.txt": content})
                os.utime(folder / "x.txt", (1_000_000_000, 1_000_000_000))
                tags.append((await get(house, "/x.txt", label=build))[1]["ETag"])

            assert tags[0] != tags[1]

        house.run(scenario)

    @pytest.mark.parametrize(
        ("asked", "status", "content", "place"),
        [
            ("bytes=2-4", 206, b"234", "bytes 2-4/10"),
            ("bytes=7-", 206, b"789", "bytes 7-9/10"),
            ("bytes=-3", 206, b"789", "bytes 7-9/10"),
            ("bytes=-30", 206, b"0123456789", "bytes 0-9/10"),
            ("bytes=0-0", 206, b"0", "bytes 0-0/10"),
            ("bytes=5-99", 206, b"56789", "bytes 5-9/10"),
            ("bytes=0-1,3-4", 200, b"0123456789", None),
            ("bytes=4-2", 200, b"0123456789", None),
            ("bytes=-", 200, b"0123456789", None),
            ("rows=1-2", 200, b"0123456789", None),
        ],
    )
    def test_sends_parts(self, house, asked, status, content, place):
        async def scenario(house):
            house.static("one", SITE)
            answered, headers, body = await get(house, "/ten.txt", headers={"Range": asked})

            assert (answered, body, headers.get("Content-Range")) == (status, content, place)
            assert headers["Content-Length"] == str(len(content))

        house.run(scenario)

    def test_refuses_a_part_beyond_the_end(self, house):
        async def scenario(house):
            house.static("one", SITE)
            for asked in ("bytes=10-", "bytes=-0"):
                status, headers, _ = await get(house, "/ten.txt", headers={"Range": asked})
                assert (status, headers["Content-Range"]) == (416, "bytes */10")

        house.run(scenario)

    def test_sends_a_part_only_of_the_file_that_was_meant(self, house):
        async def scenario(house):
            house.static("one", SITE)
            etag = (await get(house, "/ten.txt"))[1]["ETag"]
            for condition, status in ((etag, 206), ('"other"', 200)):
                told = await get(house, "/ten.txt", headers={"Range": "bytes=0-1", "If-Range": condition})
                assert told[0] == status

        house.run(scenario)

    def test_streams_a_large_file(self, house):
        async def scenario(house):
            house.static("one", SITE)
            assert (await get(house, "/big.bin"))[2] == SITE["big.bin"]
            part = await get(house, "/big.bin", headers={"Range": "bytes=1000-1500000"})
            assert part[2] == SITE["big.bin"][1000:1500001]

        house.run(scenario)

    def test_answers_head_without_a_body(self, house):
        async def scenario(house):
            house.static("one", SITE)
            for path, size in (("/ten.txt", "10"), ("/big.bin", "2048000")):
                status, headers, body = await get(house, path, method="HEAD")
                assert (status, headers["Content-Length"], body) == (200, size, b"")

        house.run(scenario)

    def test_takes_no_writes(self, house):
        async def scenario(house):
            house.static("one", SITE)
            status, headers, _ = await get(house, "/", method="POST")
            assert (status, headers["Allow"]) == (405, "GET, HEAD")

        house.run(scenario)

    def test_is_answered_by_the_newest_where_another_was_known_a_moment_ago(self, house, tmp_path):
        async def scenario(house):
            old = house.static("one", {"index.html": "old"})
            assert (await get(house, "/"))[2] == b"old"
            house.routes["one"]["directory"] = str(_site(tmp_path / "new", "new"))
            old.rename(tmp_path / "old")

            assert (await get(house, "/"))[::2] == (200, b"new")

        house.run(scenario)

    def test_is_answered_by_the_newest_where_it_took_its_place_this_very_moment(
        self, house, tmp_path, monkeypatch
    ):
        find = static_files.find

        def find_late(directory, path, *, spa):
            if directory == str(old := house.folder / "sites" / "one"):
                old.rename(tmp_path / "old")
            return find(directory, path, spa=spa)

        async def scenario(house):
            house.static("one", {"index.html": "old"})
            assert (await get(house, "/"))[2] == b"old"
            house.routes["one"]["directory"] = str(_site(tmp_path / "new", "new"))
            monkeypatch.setattr(static_files, "find", find_late)

            assert (await get(house, "/"))[::2] == (200, b"new")

        house.run(scenario)


def _site(folder, content):
    folder.mkdir()
    (folder / "index.html").write_text(content)
    return folder
