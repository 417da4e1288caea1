"""What Ada reads of a build: whole lines, nothing secret, from any offset."""

import pytest

from app.engine.logs import REDACTED, Log, read, tail

SECRET = "hunter2-and-more"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "logs" / "run.log"


class TestLog:
    def test_a_line_is_on_disk_at_once(self, path):
        log = Log(path)

        log.line("Collecting flask")

        assert path.read_text() == "Collecting flask\n"
        log.close()

    def test_our_own_steps_are_marked(self, path):
        with Log(path) as log:
            log.line("Installing", stream="step")

        assert path.read_text() == "==> Installing\n"

    def test_secrets_are_hidden_in_every_spelling(self, path):
        with Log(path, secrets=[SECRET, "a b/c d?", "short"]) as log:
            log.line(f"url=https://ada:{SECRET}@host/ a%20b%2Fc%20d%3F short")

        assert path.read_text() == f"url=https://ada:{REDACTED}@host/ {REDACTED} short\n"

    def test_a_secret_of_several_lines_is_hidden_line_by_line(self, path):
        with Log(path, secrets=["-----BEGIN-----\nabcdefgh\n-----END-----"]) as log:
            log.line("key:\nabcdefgh\n-----END-----")

        assert path.read_text() == f"key:\n{REDACTED}\n{REDACTED}\n"

    def test_a_secret_across_two_chunks_is_hidden(self, path):
        with Log(path, secrets=[SECRET]) as log:
            log.write(f"token {SECRET[:7]}")
            log.write(f"{SECRET[7:]} end\nnext")

        assert path.read_text() == f"token {REDACTED} end\nnext\n"

    def test_a_secret_inside_an_endless_line_is_hidden_wherever_it_lies(self, path):
        with Log(path, secrets=[SECRET]) as log:
            log.write("x" * 63_995 + SECRET[:9])
            log.write(SECRET[9:] + "y" * 100)

        assert SECRET[:9] not in path.read_text()

    def test_a_long_line_is_shortened_and_says_so(self, path):
        with Log(path) as log:
            log.line("z" * 10_000)

        text = path.read_text()
        assert text.endswith("(6000 more characters)\n")
        assert len(text) < 4_100

    def test_a_terminal_s_colours_and_redrawn_lines_become_plain_text(self, path):
        with Log(path) as log:
            log.line("\x1b[32mok\x1b[0m \x1b]0;title\x07done")
            log.line(" 10%\r 50%\r100%\r")
            log.line("bell\x07 tab\there")

        assert path.read_text() == "ok done\n100%\nbell tab\there\n"

    def test_a_full_log_is_cut_and_ends_with_the_last_lines(self, path):
        with Log(path, limit=1_000) as log:
            for number in range(1_000):
                log.line(f"line {number}")

        lines = path.read_text().splitlines()
        assert "==> This log is cut here: it is over 0.001 MB." in lines
        assert lines[-1] == "line 999"
        assert len(path.read_bytes()) < 3_000

    def test_a_log_of_a_long_life_rolls(self, path):
        with Log(path, limit=100, when_full="roll") as log:
            for number in range(15):
                log.line(f"line {number:04}")

        assert path.read_text().splitlines()[-1] == "line 0014"
        assert path.with_name("run.log.1").read_text().startswith("line 0000\n")

    def test_broken_text_does_not_break_the_log(self, path):
        with Log(path) as log:
            log.line("a\udcffb")

        assert path.read_text() == "a?b\n"


class TestRead:
    def test_never_splits_a_character(self, path):
        with Log(path) as log:
            log.line("aä€😀" * 20)
        whole = path.read_bytes()

        for limit in range(1, 12):
            offset, pieces = 0, []
            while offset < len(whole):
                data, offset, size = read(path, offset, limit)
                assert size == len(whole)
                pieces.append(data.decode())
            assert "".join(pieces) == whole.decode()

    def test_begins_at_the_next_character_when_the_offset_lies_inside_one(self, path):
        with Log(path) as log:
            log.line("😀x")

        assert read(path, 2) == (b"x\n", 6, 6)

    def test_what_is_not_there_yet_is_empty(self, path):
        assert read(path, 10) == (b"", 0, 0)

    def test_a_negative_offset_counts_from_the_end(self, path):
        with Log(path) as log:
            log.line("first\nlast")

        assert read(path, -5)[0] == b"last\n"

    def test_an_offset_past_the_end_begins_anew(self, path):
        with Log(path) as log:
            log.line("rolled")

        assert read(path, 5_000) == (b"rolled\n", 7, 7)

    def test_bytes_that_are_no_text_do_not_stop_the_reader(self, path):
        path.parent.mkdir()
        path.write_bytes(b"\xff\xfe\xf0")

        _, offset, size = read(path, 0)

        assert size == 3
        while offset < size:
            _, further, _ = read(path, offset)
            assert further > offset
            offset = further

    def test_tail_gives_the_last_lines(self, path):
        with Log(path) as log:
            log.line("\n".join(str(number) for number in range(50)))

        assert tail(path, 3) == ["47", "48", "49"]
