"""Where previews have ports instead of names, one jar of cookies serves them all, and the main site with them."""

import asyncio
import socket
import tempfile
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from app.engine import handover
from app.engine.gateway import cookies

from .conftest import House


def free_ports(count: int) -> list[int]:
    doors = [socket.socket() for _ in range(count)]
    for door in doors:
        door.bind(("127.0.0.1", 0))
    numbers = [door.getsockname()[1] for door in doors]
    for door in doors:
        door.close()
    return sorted(numbers)


class Street(House):
    """A house whose previews have a port each: `one`, then `two`."""

    def __init__(self, folder: Path) -> None:
        first, second = free_ports(2)
        self.ports = {str(first): "one", str(second): "two"}
        super().__init__(
            folder,
            url="http://127.0.0.1:8000",
            preview_domain="127.0.0.1",
            preview_ports=range(first, second + 1),
        )

    async def _know(self, question):
        return self.ports if question == {"op": "ports"} else await super()._know(question)

    def at(self, label: str) -> str:
        return f"http://127.0.0.1:{next(port for port, name in self.ports.items() if name == label)}"

    async def ask(self, label: str, path: str = "/", *, method: str = "GET", headers=None):
        async with self.client.request(
            method, self.at(label) + path, headers=headers, allow_redirects=False
        ) as answer:
            await answer.read()
            return answer


@pytest.fixture
def street():
    with tempfile.TemporaryDirectory(prefix="gr") as folder:
        yield Street(Path(folder))


async def echo(request):
    """An app that says which cookies it was sent, and sets those that it is asked to."""
    response = web.Response(headers={"X-Seen": request.headers.get("Cookie", "")})
    for cookie in request.headers.getall("X-Set", []):
        response.headers.add("Set-Cookie", cookie)
    return response


def pass_for(label: str, user: str = "ada") -> str:
    who = handover.Pass(label=label, user_id=user, project_id="p1", expires_at=0)
    return f"{cookies.pass_name(label, shares_host=True)}={handover.make_cookie(who)}"


class TestPorts:
    def test_each_leads_to_its_own(self, street):
        async def scenario(street):
            street.static("one", {"index.html": "<p>first"})
            street.static("two", {"index.html": "<p>second"})
            for label, said in (("one", "first"), ("two", "second")):
                async with street.client.get(street.at(label)) as answer:
                    assert said in await answer.text()

        street.run(scenario)

    def test_the_port_counts_whatever_the_host_is_called(self, street):
        async def scenario(street):
            street.static("one", {"index.html": "<p>first"})
            for host in ("two.preview.localhost", "evil.example:80", "127.0.0.1:1"):
                async with street.client.get(street.at("one"), headers={"Host": host}) as answer:
                    assert "first" in await answer.text()

        street.run(scenario)

    def test_an_app_is_told_a_host_even_by_who_names_none(self, street):
        async def upstream(request):
            return web.Response(text=request.headers["Host"])

        async def scenario(street):
            await street.instance("one", upstream)
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", int(street.at("one").rpartition(":")[2])
            )
            writer.write(b"GET / HTTP/1.0\r\n\r\n")
            answer = await reader.read()
            writer.close()

            assert answer.startswith(b"HTTP/1.0 200")
            assert answer.endswith(b"\r\n\r\ninstance")

        street.run(scenario)

    def test_they_open_and_close_as_they_are_given_and_freed(self, street):
        async def scenario(street):
            street.static("one", {"index.html": "<p>first"})
            street.static("two", {"index.html": "<p>second"})
            port, two = next(port for port, name in street.ports.items() if name == "two"), street.at("two")
            del street.ports[port]
            await until_refused(two)

            street.ports[port] = "two"

            async with asyncio.timeout(10):
                while not await is_open(two):  # noqa: ASYNC110 - it has no event
                    await asyncio.sleep(0.05)

        street.run(scenario)

    def test_they_stay_open_while_the_keeper_is_away(self, street):
        async def scenario(street):
            street.static("one", {"index.html": "<p>first"})
            await street.ask("one")
            await street.kill_keeper()
            await asyncio.sleep(1.2)

            assert (await street.ask("one")).status == 200

        street.run(scenario)

    def test_one_that_somebody_else_has_does_not_stop_the_others(self, street):
        async def scenario(street):
            with socket.create_server(("127.0.0.1", 0)) as taken:
                street.ports[str(taken.getsockname()[1])] = "three"
                street.static("one", {"index.html": "<p>first"})
                await asyncio.sleep(0.7)

                assert (await street.ask("one")).status == 200

        street.run(scenario)


async def is_open(address: str) -> bool:
    try:
        async with aiohttp.ClientSession() as session, session.get(address) as answer:
            return answer.status == 200
    except aiohttp.ClientConnectorError:
        return False


async def until_refused(address: str) -> None:
    async with asyncio.timeout(10):
        while await is_open(address):  # noqa: ASYNC110 - it has no event
            await asyncio.sleep(0.05)


class TestOurCookies:
    def test_no_app_sees_the_site_s_session_nor_a_pass(self, street):
        async def scenario(street):
            await street.instance("one", echo)
            sent = "; ".join(
                [
                    "greenroom=session",
                    "__Host-greenroom=session",
                    "GREENROOM=odd",
                    pass_for("one"),
                    pass_for("two"),
                    "gr_preview=old",
                    "theme=dark",
                ]
            )
            answer = await street.ask("one", headers={"Cookie": sent})

            assert answer.headers["X-Seen"] == "theme=dark"

        street.run(scenario)

    @pytest.mark.parametrize(
        "cookie",
        [
            "greenroom=evil; Path=/",
            "greenroom=evil; Path=/; HttpOnly",
            " \tgreenroom =evil",
            "Greenroom=evil",
            "__Host-greenroom=evil; Secure; Path=/",
            "gr_preview=evil",
            f"{cookies.pass_name('two', shares_host=True)}=evil; HttpOnly",
            f"{cookies.APPS}00000000_session=evil",
            "=greenroom=evil",  # browsers keep the value, and send it as if it were a pair
            "greenroom",
            "=evil",
            "",
        ],
    )
    def test_no_app_sets_one(self, street, cookie):
        async def scenario(street):
            await street.instance("one", echo)
            answer = await street.ask("one", headers={"X-Set": cookie})

            assert "Set-Cookie" not in answer.headers

        street.run(scenario)

    def test_a_pass_opens_its_own_port_and_no_other(self, street):
        async def scenario(street):
            street.people.add(("ada", "p1"))
            for label in ("one", "two"):
                street.static(label, {"index.html": "<p>secret"}, access="private")
            both = f"{pass_for('one')}; {pass_for('two')}"

            assert (await street.ask("one", headers={"Cookie": pass_for("one")})).status == 200
            assert (await street.ask("two", headers={"Cookie": pass_for("one")})).status == 401
            assert [
                (await street.ask(label, headers={"Cookie": both})).status for label in ("one", "two")
            ] == [
                200,
                200,
            ]
            # Under the other's name it is still the first one's.
            renamed = pass_for("one").partition("=")[2]
            stolen = f"{cookies.pass_name('two', shares_host=True)}={renamed}"
            assert (await street.ask("two", headers={"Cookie": stolen})).status == 401
            planted = f"{cookies.pass_name('one', shares_host=True)}=garbage; {pass_for('one')}"
            assert (await street.ask("one", headers={"Cookie": planted})).status == 200

        street.run(scenario)

    def test_the_hand_over_leaves_a_pass_of_the_label(self, street):
        async def scenario(street):
            street.static("one", {"index.html": "<p>secret"}, access="private")
            token = handover.issue("one", "ada", "p1")
            answer = await street.ask("one", f"/.greenroom/enter?token={token}")

            kept = answer.headers["Set-Cookie"]
            assert kept.startswith(f"{cookies.pass_name('one', shares_host=True)}=")
            assert "HttpOnly" in kept
            assert "Domain" not in kept
            assert kept.endswith("; SameSite=Lax")

        street.run(scenario)


class TestCookiesOfApps:
    def test_what_an_app_keeps_from_scripts_comes_back_to_it_alone(self, street):
        async def scenario(street):
            await street.instance("one", echo)
            await street.instance("two", echo)
            answer = await street.ask(
                "one", headers={"X-Set": "session=s3cret; HttpOnly; Path=/; Domain=x.org"}
            )
            kept = answer.headers["Set-Cookie"]
            assert kept.endswith("session=s3cret; HttpOnly; Path=/")
            sent = {"Cookie": kept.partition(";")[0]}

            assert (await street.ask("one", headers=sent)).headers["X-Seen"] == "session=s3cret"
            assert (await street.ask("two", headers=sent)).headers["X-Seen"] == ""

        street.run(scenario)

    def test_a_neighbour_s_script_cannot_put_its_own_in_front(self, street):
        async def scenario(street):
            await street.instance("one", echo)
            answer = await street.ask("one", headers={"X-Set": "session=true; HttpOnly"})
            sent = {"Cookie": f"session=planted; {answer.headers['Set-Cookie'].partition(';')[0]}"}

            assert (await street.ask("one", headers=sent)).headers["X-Seen"] == "session=true"

        street.run(scenario)

    def test_what_scripts_read_keeps_its_name(self, street):
        async def scenario(street):
            await street.instance("one", echo)
            answer = await street.ask("one", headers={"X-Set": "csrftoken=abc; Path=/shop"})

            first, second = answer.headers.getall("Set-Cookie")
            assert first == "csrftoken=abc; Path=/shop"
            assert second.endswith("_csrftoken=; Path=/shop; Max-Age=0")

        street.run(scenario)

    def test_signing_out_ends_what_was_kept_from_scripts(self, street):
        async def scenario(street):
            await street.instance("one", echo)
            signed_in = await street.ask("one", headers={"X-Set": "session=s3cret; HttpOnly; Path=/"})
            signed_out = await street.ask("one", headers={"X-Set": "session=; Max-Age=0; Path=/"})

            name = signed_in.headers["Set-Cookie"].partition("=")[0]
            ended = [cookie.partition("=")[0] for cookie in signed_out.headers.getall("Set-Cookie")]
            assert name in ended

        street.run(scenario)

    def test_a_socket_is_opened_with_the_same_care(self, street):
        seen = []

        async def scenario(street):
            async def app(request):
                seen.append(request.headers.get("Cookie", ""))
                line = web.WebSocketResponse()
                line.headers["Set-Cookie"] = "greenroom=evil"
                await line.prepare(request)
                return line

            await street.instance("one", app)
            async with street.client.ws_connect(
                street.at("one"), headers={"Cookie": f"greenroom=session; {pass_for('one')}; a=b"}
            ) as line:
                assert "Set-Cookie" not in line._response.headers

        street.run(scenario)
        assert seen == ["a=b"]


class TestNeighbours:
    def test_another_project_s_port_does_nothing_in_a_visitor_s_name(self, street):
        async def scenario(street):
            street.people |= {("ada", "p1"), ("ada", "p2")}
            await street.instance("one", echo, access="private")
            await street.instance("two", echo, access="private", project_id="p2")
            for origin, status in [
                (street.at("two"), 403),
                ("http://127.0.0.1:1", 403),
                ("http://127.0.0.1:8000", 403),
                ("null", 403),
                (street.at("one"), 200),
            ]:
                answer = await street.ask(
                    "one", method="POST", headers={"Cookie": pass_for("one"), "Origin": origin}
                )
                assert answer.status == status, origin

        street.run(scenario)
