"""What the bar shows comes from the gateway, for a person with a pass for just this host."""

ADDRESS = "/.greenroom/review.json"
BAR = {"title": "T", "acceptUrl": "http://localhost:8000/accept"}
TOLD = {"mayJudge": True, "scenarios": [{"name": "Hours", "steps": ["Given a page"]}]}


def arrange(house):
    house.static("one", {"index.html": "<p>hello"}, access="private", bar=BAR)
    house.static("two", {"index.html": "<p>other"}, access="private", bar=BAR)
    house.people.add(("ada", "p1"))
    house.reviews["one", "ada"] = TOLD
    house.keys.add(("key", "p1"))


class TestTellTheBar:
    def test_a_person_with_a_pass(self, house):
        async def scenario(house):
            arrange(house)
            async with house.ask("one", ADDRESS, headers=house.cookie("one")) as answer:
                assert answer.status == 200
                assert await answer.json() == TOLD
                assert answer.headers["Cache-Control"] == "no-store"
                assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
                assert "Access-Control-Allow-Origin" not in answer.headers

        house.run(scenario)

    def test_nobody_else(self, house):
        async def scenario(house):
            arrange(house)
            others = [
                ("one", {}),
                ("one", house.cookie("two")),
                ("one", house.cookie("one", user="eve")),
                ("one", {"X-Greenroom-Key": "key"}),
                ("two", house.cookie("two")),
                ("nowhere", house.cookie("nowhere")),
            ]
            for label, headers in others:
                async with house.ask(label, ADDRESS, headers=headers) as answer:
                    assert answer.status == 404, (label, headers)
                    assert "Hours" not in await answer.text()

        house.run(scenario)

    def test_only_where_there_is_a_bar(self, house):
        async def scenario(house):
            arrange(house)
            house.routes["one"]["bar"] = None
            async with house.ask("one", ADDRESS, headers=house.cookie("one")) as answer:
                assert answer.status == 404
            async with house.ask("one", ADDRESS, method="POST", headers=house.cookie("one")) as answer:
                assert answer.status == 404

        house.run(scenario)
