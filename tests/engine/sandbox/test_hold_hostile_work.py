"""Eve pushes code that wants more than it may: it sees nothing, gets nothing, and leaves nothing behind."""

import os
import platform
import socket
import threading
from pathlib import Path

import pytest

from app.engine.sandbox import Work, run, syscalls
from app.engine.sandbox.owner import hand_over


class TestSeesNothing:
    def test_neither_our_database_nor_another_checkout(self, attempt, folder):
        database = folder.parent / "greenroom.db"
        database.write_text("secret")
        other = folder.parent / "other"
        other.mkdir()
        (folder / "link").symlink_to(database)

        outcome, lines = attempt(
            f"cat {database}; ls {other}; cat link; cat /app/../..{database}; ls {folder.parent}"
        )

        assert outcome.exit_code != 0
        assert len(lines) == 5
        assert all("No such file" in line or "cannot access" in line for line in lines)

    def test_not_our_environment(self, attempt, monkeypatch):
        monkeypatch.setenv("SECRET_KEY", "a-value-nobody-may-see")

        _, lines = attempt("env; for each in /proc/[0-9]*; do tr '\\0' '\\n' < $each/environ; done; true")

        assert "HOME=/tmp/home" in lines
        assert "a-value-nobody-may-see" not in "\n".join(lines)

    def test_not_our_processes(self, attempt):
        _, lines = attempt(
            "ls /proc | grep -c '^[0-9]'; kill -9 -1; echo unharmed; cat /proc/1/cmdline | tr '\\0' ' '"
        )

        assert int(lines[0]) <= 5
        assert Path(f"/proc/{os.getpid()}").exists()

    def test_no_file_of_this_machine_s_own(self, attempt):
        _, lines = attempt("ls /; cat /etc/passwd /etc/hostname; ls /etc/shadow /etc/pip.conf /home")

        assert {"app", "usr", "tmp"} <= set(lines)
        assert not {"home", "opt", "srv", "var", "mnt", "work"} & set(lines)
        assert "greenroom" in lines
        assert socket.gethostname() == "greenroom" or socket.gethostname() not in lines
        assert sum("No such file" in line for line in lines) == 3

    def test_no_descriptor_of_ours(self, attempt):
        _, lines = attempt("ls /proc/self/fd")

        assert lines == ["0", "1", "2", "3"]  # the last is the folder that ls reads

    def test_no_port_of_this_machine(self, attempt):
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]

            outcome, lines = attempt(
                ["python3", "-c", f"import socket; socket.create_connection(('127.0.0.1', {port}), 2)"]
            )

        assert outcome.exit_code == 1
        assert "ConnectionRefusedError" in lines[-1]


class TestMayNothing:
    def test_it_is_nobody_in_particular(self, attempt):
        _, lines = attempt("id -u; grep -E 'CapEff|CapPrm|NoNewPrivs' /proc/self/status")

        assert int(lines[0]) != 0
        assert lines[1:] == ["CapPrm:\t0000000000000000", "CapEff:\t0000000000000000", "NoNewPrivs:\t1"]

    def test_it_writes_to_its_own_folders_alone(self, attempt, folder):
        outcome, lines = attempt("touch /x /usr/x /etc/x /run/x /dev/x; touch /app/x /tmp/x && echo mine")

        assert lines[-1] == "mine"
        assert len(lines) == 6
        assert (folder / "x").exists()
        assert outcome.exit_code == 0

    def test_it_mounts_and_traces_nothing(self, attempt):
        _, lines = attempt(
            "mount -t tmpfs x /tmp; chroot / true; cat /proc/1/mem; nice -n -5 true; echo over"
        )

        assert len(lines) >= 4
        assert lines[-1] == "over"

    def test_it_becomes_root_in_no_namespace_of_its_own(self, attempt):
        if syscalls.program() is None:
            pytest.skip("the kernel's numbers are not known for this architecture")
        code = (
            "import ctypes, os\n"
            "libc = ctypes.CDLL(None, use_errno=True)\n"
            "def ask(*arguments):\n"
            "    libc.syscall(*map(ctypes.c_long, arguments))\n"
            "    return os.strerror(ctypes.get_errno())\n"
            f"numbers = {syscalls._KNOWN[platform.machine()][1:3]}\n"
            "print(ask(numbers[1], 0x10000000), ask(numbers[0], 0x10000011, 0, 0, 0, 0), ask(435, 0, 0), sep='; ')"
        )

        _, lines = attempt(["python3", "-c", code])

        assert lines == ["Operation not permitted; Operation not permitted; Function not implemented"]

    def test_a_link_out_of_the_tree_is_never_followed_by_us(self, folder):
        if os.geteuid() != 0:
            pytest.skip("only root gives files away")
        outside = folder.parent / "outside"
        outside.write_text("ours")
        (folder / "link").symlink_to(outside)
        (folder / "folder").symlink_to(folder.parent)

        hand_over(folder, 2_000_001)

        assert outside.stat().st_uid == 0
        assert (folder / "link").lstat().st_uid == 2_000_001


class TestEndsWithinItsLimits:
    def test_an_endless_loop(self, attempt):
        outcome, lines = attempt("echo begun; while :; do :; done", seconds=1)

        assert (outcome.ended, lines) == ("timeout", ["begun"])

    def test_more_memory_than_it_may_have(self, attempt):
        outcome, _ = attempt(["python3", "-c", "x = [bytearray(1_000_000) for _ in range(2_000)]"])

        assert outcome.ended == "memory"

    def test_more_memory_than_it_may_have_where_only_we_watch(self, attempt, no_cgroups):
        code = "import time; x = [bytearray(b'x' * 1_000_000) for _ in range(200)]; time.sleep(60)"
        outcome, _ = attempt(["python3", "-c", code])

        assert outcome.ended == "memory"

    @pytest.mark.parametrize("who", ["kernel", "watchdog"])
    def test_a_fork_bomb(self, attempt, who, request, folder, processes_with):
        if who == "watchdog":
            request.getfixturevalue("no_cgroups")
        code = "import os, time\nwhile True:\n try: os.fork()\n except OSError: time.sleep(0.05)"

        outcome, _ = attempt(["python3", "-c", code, f"bomb-{folder.parent.name}"])

        assert outcome.ended in {"processes", "timeout"}
        assert processes_with(f"bomb-{folder.parent.name}") == []

    def test_a_bomb_in_the_shell(self, attempt, folder, processes_with):
        (folder / "bomb.sh").write_text("sh bomb.sh & sh bomb.sh & wait\n")

        _, lines = attempt("sh bomb.sh", seconds=6)

        assert any("Cannot fork" in line for line in lines)
        assert processes_with("bomb.sh") == []

    def test_a_disk_written_full_by_many_files(self, attempt):
        outcome, _ = attempt("i=0; while :; do head -c 4000000 /dev/zero > f$i; i=$((i+1)); done")

        assert outcome.ended == "disk"

    def test_a_file_without_end(self, attempt, folder):
        outcome, _ = attempt("exec cat /dev/zero > big")

        assert outcome.ended == "disk"
        assert (folder / "big").stat().st_size == 16 * 1024 * 1024

    def test_a_memory_disk_written_full(self, attempt):
        outcome, lines = attempt(
            "head -c 15000000 /dev/zero > /tmp/a; for i in 1 2 3 4 5 6 7 8 9; do cp /tmp/a /tmp/$i; done"
        )

        assert not outcome.is_good
        assert any("No space left" in line for line in lines) or outcome.ended == "memory"

    def test_a_flood_of_output_without_lines(self, attempt):
        outcome, lines = attempt("head -c 3000000 /dev/zero | tr '\\0' x; printf '\\377\\376'")

        assert outcome.is_good
        assert sum(map(len, lines)) == 3_000_002
        assert max(map(len, lines)) < 200_000


class TestLeavesNothingBehind:
    def test_what_it_put_into_the_background(self, attempt, folder, sandbox, processes_with):
        mark = f"3{abs(hash(folder)) % 10**9}"

        outcome, lines = attempt(
            f"(setsid sleep {mark} &) ; setsid -f sleep {mark}; echo done", within=sandbox
        )

        assert (outcome.exit_code, lines) == (0, ["done"])
        assert processes_with(mark) == []

    def test_cancelled_it_is_gone_before_we_hear_of_it(self, attempt, folder, sandbox, processes_with):
        mark = f"4{abs(hash(folder)) % 10**9}"
        begun = threading.Event()
        command = f"trap '' TERM INT HUP; (setsid sh -c \"trap '' TERM; sleep {mark}\" &) ; touch begun; sleep {mark}"

        def cancelled():
            if (folder / "begun").exists() and processes_with(mark):
                begun.set()
            return begun.is_set()

        outcome, _ = attempt(command, within=sandbox, cancelled=cancelled)

        assert outcome.ended == "cancelled"
        assert processes_with(mark) == []

    def test_trouble_while_its_lines_are_read_ends_it_too(self, folder, limits, sandbox, processes_with):
        mark = f"5{abs(hash(folder)) % 10**9}"

        def on_line(line):
            raise RuntimeError(line)

        with pytest.raises(RuntimeError, match="hello"):
            run(
                Work(command=f"echo hello; sleep {mark}", folder=folder, limits=limits),
                on_line=on_line,
                within=sandbox,
            )

        assert processes_with(mark) == []

    def test_the_exit_code_is_its_own(self, attempt, sandbox):
        assert attempt("exit 7", within=sandbox)[0].exit_code == 7
        assert attempt("kill -9 $$", within=sandbox)[0].exit_code == 137
        assert attempt(["there-is-no-such-program"], within=sandbox)[0].exit_code == 127
