import json


class TestFindHost:
    def test_answers_404_for_the_bare_domain_and_unknown_labels(self, house):
        async def scenario(house):
            house.static("one", {"index.html": "x"})
            for name in ("preview.localhost:8001", "nobody.preview.localhost:8001", "a.one.preview.localhost:8001",
                         "127.0.0.1:8001", "localhost", "[::1]:8001", "other.example"):  # fmt: skip
                async with house.ask(name) as answer:
                    assert answer.status == 404, name
                    assert "http://localhost:8000" in await answer.text()

        house.run(scenario)

    def test_finds_a_label_in_any_writing(self, house):
        async def scenario(house):
            house.static("one", {"index.html": "x"})
            for name in (
                "ONE.Preview.Localhost:8001",
                "one.preview.localhost",
                "one.preview.localhost.:8001",
            ):
                async with house.ask(name) as answer:
                    assert answer.status == 200, name

        house.run(scenario)

    def test_finds_a_domain_of_its_own(self, house):
        async def scenario(house):
            house.static("www.shop.example", {"index.html": "shop"})
            async with house.ask("www.shop.example") as answer:
                assert await answer.text() == "shop"

        house.run(scenario)

    def test_says_what_is_over(self, house):
        async def scenario(house):
            house.routes["one"] = {"label": "one", "kind": "gone", "access": "private"}
            async with house.ask("one") as answer:
                assert answer.status == 410
            async with house.ask("one", headers={"Accept": "application/json"}) as answer:
                said = json.loads(await answer.read())
                assert said["type"] == "gone"
                assert house.installation.url in said["message"], "there is a way back"

        house.run(scenario)

    def test_shows_what_is_being_built(self, house):
        async def scenario(house):
            house.routes["one"] = {"label": "one", "kind": "waiting", "access": "public",
                                   "status_url": "http://localhost:8000/acme/site/requests/1"}  # fmt: skip
            async with house.ask("one") as answer:
                page = await answer.text()
                assert (answer.status, answer.headers["Retry-After"]) == (503, "3")
                assert 'http-equiv="refresh"' in page
                assert "http://localhost:8000/acme/site/requests/1" in page

        house.run(scenario)

    def test_tells_a_private_thing_that_is_being_built_to_nobody(self, house):
        async def scenario(house):
            house.routes["one"] = {"label": "one", "kind": "waiting", "access": "private", "project_id": "p1"}
            async with house.ask("one") as answer:
                assert answer.status == 401

        house.run(scenario)

    def test_keeps_its_own_paths_on_every_host(self, house):
        async def scenario(house):
            house.static("one", {".greenroom/health": "theirs", "index.html": "x"})
            async with house.ask("one", "/.greenroom/health") as answer:
                assert json.loads(await answer.read()) == {"ok": True, "keeper": True}
            async with house.ask("", "/.greenroom/health") as answer:
                assert answer.status == 200
            async with house.ask("one", "/.greenroom/bar.js") as answer:
                assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
                etag = answer.headers["ETag"]
            async with house.ask("one", "/.greenroom/bar.js", headers={"If-None-Match": etag}) as answer:
                assert answer.status == 304
            async with house.ask("one", "/.greenroom/else") as answer:
                assert answer.status == 404

        house.run(scenario)

    def test_remembers_no_more_hosts_than_it_should(self, house, monkeypatch):
        from app.engine.gateway import route_book

        monkeypatch.setattr(route_book, "MOST_LABELS", 5)

        async def scenario(house):
            book = route_book.RouteBook(_Line())
            for number in range(50):
                await book.find(f"x{number}")

            assert len(book._pages) <= 5

        house.run(scenario)


class _Line:
    async def ask(self, op, **arguments):
        return None
