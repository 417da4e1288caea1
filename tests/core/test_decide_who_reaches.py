"""Who shall reach this: what follows from an answer, where it is kept, and what wins over it."""

from pathlib import Path

import pytest

from app.config import BadSettings, Settings
from app.core import reach
from app.core.reach import Audience, Proxy, Reach

NAMES = Reach(audience=Audience.NAMES, address="192.168.1.20", previews="192-168-1-20.sslip.io")
PORTS = Reach(audience=Audience.PORTS, address="192.168.1.20")
DOMAIN = Reach(audience=Audience.DOMAIN, site="green.example.com", previews="green-previews.example")


def settings(home: Path, **more: str) -> Settings:
    return Settings.from_environment({"GREENROOM_HOME": str(home), **more})


class TestWhatFollows:
    def test_nobody_else_reaches_what_was_never_answered(self, tmp_path):
        here = settings(tmp_path).installation()

        assert (here.host, here.url) == ("127.0.0.1", "http://localhost:8000")
        assert here.preview_url("cafe-3") == "http://cafe-3.preview.localhost:8001"
        assert (here.shares_host, here.proxies, here.pinned) == (False, 0, frozenset())

    @pytest.mark.parametrize(
        ("answer", "host", "url", "preview", "origins", "proxies"),
        [
            (
                *(NAMES, "0.0.0.0", "http://192.168.1.20:8000"),
                *("http://cafe-3.192-168-1-20.sslip.io:8001", "http://*.192-168-1-20.sslip.io:8001", 0),
            ),
            (
                *(DOMAIN, "127.0.0.1", "https://green.example.com"),
                *("https://cafe-3.green-previews.example", "https://*.green-previews.example", 1),
            ),
            (
                *(
                    Reach(**{**DOMAIN.__dict__, "proxy": Proxy.ELSEWHERE}),
                    "0.0.0.0",
                    "https://green.example.com",
                ),
                *("https://cafe-3.green-previews.example", "https://*.green-previews.example", 1),
            ),
            (
                *(
                    Reach(**{**DOMAIN.__dict__, "proxy": Proxy.NONE}),
                    "0.0.0.0",
                    "http://green.example.com:8000",
                ),
                *("http://cafe-3.green-previews.example:8001", "http://*.green-previews.example:8001", 0),
            ),
        ],
    )
    def test_an_answer_says_where_to_listen_and_how_all_is_called(
        self, tmp_path, answer, host, url, preview, origins, proxies
    ):
        reach.answer(tmp_path, answer)
        reach.confirm(tmp_path)

        here = settings(tmp_path).installation()

        assert (here.host, here.url, here.preview_url("cafe-3")) == (host, url, preview)
        assert (here.preview_origins, here.proxies) == (origins, proxies)

    def test_with_a_port_for_each_there_is_one_host(self, tmp_path):
        reach.answer(tmp_path, PORTS)

        here = settings(tmp_path, GREENROOM_PREVIEW_PORTS="9000-9009").installation()

        assert here.shares_host
        assert list(here.preview_ports) == list(range(9000, 9010))
        assert here.port_url(9003) == "http://192.168.1.20:9003"
        assert here.preview_origins == "http://192.168.1.20:*"

    @pytest.mark.parametrize("ports", ["9000", "9009-9000", "0-10", "9000-70000", "a-b"])
    def test_a_range_that_is_none_is_refused(self, tmp_path, ports):
        with pytest.raises(BadSettings, match="GREENROOM_PREVIEW_PORTS"):
            settings(tmp_path, GREENROOM_PREVIEW_PORTS=ports)


class TestTheEnvironment:
    def test_wins_and_is_named(self, tmp_path):
        reach.answer(tmp_path, PORTS)

        here = settings(
            tmp_path,
            GREENROOM_URL="https://a.example",
            GREENROOM_PREVIEW_DOMAIN="b.example",
            GREENROOM_HOST="10.0.0.1",
        ).installation()

        assert (here.url, here.preview_url("x"), here.host) == (
            "https://a.example",
            "https://x.b.example",
            "10.0.0.1",
        )
        assert not here.shares_host
        assert here.former_url == ""
        assert here.pinned == {"GREENROOM_URL", "GREENROOM_PREVIEW_DOMAIN", "GREENROOM_HOST"}

    def test_says_how_many_proxies_are_believed(self, tmp_path):
        reach.answer(tmp_path, DOMAIN)

        assert settings(tmp_path, GREENROOM_PROXIES="2").installation().proxies == 2
        assert settings(tmp_path, GREENROOM_PROXIES="0").installation().proxies == 0


class TestTheWayBack:
    def test_the_address_before_answers_until_the_new_one_was_opened(self, tmp_path):
        reach.answer(tmp_path, PORTS)
        reach.confirm(tmp_path)
        reach.answer(tmp_path, NAMES)
        reach.answer(tmp_path, DOMAIN)  # the second answer to a question that nothing came of yet

        waiting = settings(tmp_path).installation()
        assert waiting.former_url == "http://192.168.1.20:8000"
        assert waiting.origins == {"https://green.example.com", "http://192.168.1.20:8000"}
        assert waiting.host == "0.0.0.0", "the address before has to be listened at"

        reach.confirm(tmp_path)
        opened = settings(tmp_path).installation()
        assert opened.origins == {"https://green.example.com"}
        assert opened.host == "127.0.0.1"

    def test_what_cannot_be_used_gives_way_to_the_answer_before(self, tmp_path):
        reach.answer(tmp_path, PORTS)
        reach.confirm(tmp_path)
        reach.answer(tmp_path, DOMAIN)

        reach.take_back(tmp_path, "Port 8000 is taken.")

        kept = reach.read(tmp_path)
        assert (kept.now, kept.before, kept.trouble) == (PORTS, None, "Port 8000 is taken.")

    @pytest.mark.parametrize("broken", ["", "[]", "{}", '{"now": {"audience": "everybody"}}'])
    def test_what_cannot_be_read_locks_nobody_out(self, tmp_path, broken):
        (tmp_path / "reach.json").write_text(broken)

        assert reach.read(tmp_path) == reach.Kept()
        assert settings(tmp_path).installation().url == "http://localhost:8000"

    def test_it_is_readable_by_nobody_else(self, tmp_path):
        reach.answer(tmp_path, PORTS)

        assert (tmp_path / "reach.json").stat().st_mode & 0o777 == 0o600
