"""Pages are read of public addresses alone; over real HTTP, on a server that a test allows by its name."""

import socket

import pytest

from app.integrations.web_pages import PublicWeb, WebPage
from tests.support.page_server import PageServer, leads_to, page_server, shows, stalls  # noqa: F401 - a fixture

PRIVATE = [
    "127.0.0.1",
    "localhost",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "2130706433",
    "0x7f.1",
    "0.0.0.0",
    "public.example@127.0.0.1",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "[fe80::1]",
    "[fc00::1]",
]


def read(server: PageServer, path: str, **more) -> WebPage:
    (page,) = PublicWeb([server.place], **more).fetch([server.url(path)])
    return page


class TestWhatIsRead:
    def test_is_what_stands_there(self, page_server):  # noqa: F811
        page_server.pages["/"] = shows("<h1>Über uns</h1>".encode("latin-1"), "text/html; charset=latin-1")

        page = read(page_server, "/")

        assert page == WebPage(page_server.url("/"), "text/html", "latin-1", b"<h1>\xdcber uns</h1>")

    def test_is_found_where_it_leads(self, page_server):  # noqa: F811
        page_server.pages |= {"/old": leads_to("/new"), "/new": shows(b"Here", "text/plain")}

        page = read(page_server, "/old")

        assert (page.url, page.content, page.trouble) == (page_server.url("/old"), b"Here", "")

    def test_comes_in_the_order_of_asking_with_what_could_not_be_read(self, page_server):  # noqa: F811
        page_server.pages = {"/a": shows(b"A", "text/plain"), "/c": shows(b"C", "text/markdown")}

        found = PublicWeb([page_server.place]).fetch([page_server.url(path) for path in ("/a", "/b", "/c")])

        assert [(page.content, page.trouble) for page in found] == [
            (b"A", ""),
            (b"", "it answered with 404"),
            (b"C", ""),
        ]

    def test_is_asked_of_the_address_that_was_checked(self, page_server, monkeypatch):  # noqa: F811
        """A name that leads elsewhere a moment later is not asked for again."""
        asked = []

        def looked_up(host, port, *_arguments, **_more):
            asked.append(host)
            address = "127.0.0.1" if len(asked) == 1 else "127.0.0.2"
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

        monkeypatch.setattr(socket, "getaddrinfo", looked_up)
        page_server.pages["/"] = shows(b"Docs", "text/plain")
        place = f"docs.test:{page_server.server_port}"

        (page,) = PublicWeb([place]).fetch([f"http://{place}/"])

        assert (page.content, page.trouble) == (b"Docs", "")
        assert (asked, page_server.hosts) == (["docs.test"], [place])


class TestWhatIsRefused:
    @pytest.mark.parametrize("host", PRIVATE)
    def test_is_whatever_is_not_public(self, page_server, host):  # noqa: F811
        page_server.pages["/"] = shows(b"secret", "text/plain")
        addresses = [f"http://{host}:{page_server.server_port}/", f"http://{host}/", f"https://{host}/"]

        found = PublicWeb().fetch(addresses)

        assert "only 80 and 443 lead out" in found[0].trouble
        assert all(page.trouble.endswith("leads to an address of a private network") for page in found[1:])
        assert (page_server.asked, [page.content for page in found]) == ([], [b"", b"", b""])

    @pytest.mark.parametrize(
        "target", ["http://127.0.0.1:1/", "http://[::1]/", "http://10.1.2.3/", "//169.254.169.254/", "file:///etc/passwd"]
    )  # fmt: skip
    def test_is_a_way_that_leads_there(self, page_server, target):  # noqa: F811
        page_server.pages["/"] = leads_to(target)

        page = read(page_server, "/")

        assert "private network" in page.trouble or "closed" in page.trouble or "no page" in page.trouble
        assert page_server.asked == ["/"]

    def test_is_a_name_that_leads_to_a_private_address_too(self, monkeypatch):
        answers = [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in ("8.8.8.8", "10.0.0.1")
        ]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_m: answers)

        (page,) = PublicWeb().fetch(["http://docs.test/"])

        assert page.trouble == "docs.test leads to an address of a private network"

    def test_is_another_port_of_a_host_that_is_allowed(self, page_server):  # noqa: F811
        (page,) = PublicWeb(["127.0.0.1:1"]).fetch([page_server.url("/")])

        assert "closed" in page.trouble
        assert page_server.asked == []


class TestTrouble:
    @pytest.mark.parametrize(
        ("shown", "words"),
        [
            (shows(b"no", status=500), "it answered with 500"),
            (shows(b"\x89PNG", "image/png"), "image/png is not read, but HTML, Markdown, plain text and PDF are"),
            (shows(b"x" * 3000, "text/plain"), "it is larger than 1 kB"),
            (shows(b"\x1f\x8b", "text/plain", Content_Encoding="gzip"), "packed form"),
            (leads_to("/"), "it leads on more than 5 times"),
            (shows(b"", status=302), "it answered with 302"),
        ],
    )  # fmt: skip
    def test_says_what_it_is(self, page_server, shown, words):  # noqa: F811
        page_server.pages["/"] = shown

        page = read(page_server, "/", most_bytes=1024)

        assert words in page.trouble
        assert page.content == b""

    def test_says_that_it_took_too_long(self, page_server):  # noqa: F811
        page_server.pages["/"] = stalls

        assert read(page_server, "/", seconds=0.3).trouble == "it took longer than 0.3 seconds"

    @pytest.mark.parametrize(
        "address",
        ["https://{place}/", "http://", "http://a b/", "http://x:99999/", "nothing", "http://127.0.0.1\\@x/"],
    )
    def test_says_that_nobody_answers(self, page_server, address):  # noqa: F811
        (page,) = PublicWeb([page_server.place]).fetch([address.format(place=page_server.place)])

        assert page.trouble
