"""Commands run in a checkout of their own, see nothing else, and leave nothing behind."""

from dataclasses import replace

import pytest

from app.core.errors import Failed
from app.core.installation import installation
from app.engine.sandbox import Sandbox, facts
from app.engine.workbench import bench_at, trouble_with
from tests.engine.workbench.conftest import BOB
from tests.support.installation import carriers_of

STUBBORN = """trap '' TERM INT HUP
for each in 1 2 3; do setsid sh -c 'trap "" TERM INT HUP; while :; do sleep 1; done' {mark} & done
echo forked
while :; do sleep 1; done"""


class TestRun:
    def test_has_the_files_and_the_history_of_the_commit(self, sandbox, repository, bench, do):
        lines = do(
            "cat index.html; git log --format=%s; git branch --show-current; git status --short; git remote"
        )

        assert lines == ["<h1>Bakery</h1>", "Start", "requests/1-x"]

    def test_finds_what_it_was_given_and_reads_it_from_its_input(self, sandbox, bench, do):
        path = bench.give("prompt.md", b"Say $(id) and `id`\n")

        assert path == ".greenroom/prompt.md"
        assert do("cat", stdin=path) == ["Say $(id) and `id`"]
        assert do("git status --short") == []

    def test_gets_its_variables_and_nothing_of_ours(self, sandbox, bench, do, monkeypatch):
        monkeypatch.setenv("SECRET_KEY", "ours")

        lines = do("env", env={"MODEL_KEY": "theirs"})

        assert "MODEL_KEY=theirs" in lines
        assert not [line for line in lines if "ours" in line]

    def test_behind_walls_sees_no_other_folder_of_the_installation(self, home, bench, limits):
        lines: list[str] = []
        (home / "secret.key").write_text("ours")

        outcome = bench.run(f"cat {home}/secret.key", on_line=lines.append, limits=limits)

        assert not outcome.is_good
        assert "ours" not in lines

    def test_starts_programs_of_the_folders_that_were_added(self, sandbox, bench, do, tmp_path):
        tool = tmp_path / "tools" / "bin" / "agent"
        tool.parent.mkdir(parents=True)
        tool.write_text("#!/bin/sh\necho here\n")
        tool.chmod(0o755)
        tmp_path.chmod(0o755)

        assert do("agent", read_only=[tmp_path / "tools"]) == ["here"]
        assert trouble_with("agent", [tmp_path / "tools"]) is None
        assert trouble_with("agent") == "The program agent is not installed on this server."

    def test_says_where_a_program_leads_that_walls_would_hide(self, bench, tmp_path):
        tool = tmp_path / "elsewhere" / "agent"
        tool.parent.mkdir()
        tool.write_text("#!/bin/sh\n")
        tool.chmod(0o755)
        (tmp_path / "links").mkdir()
        (tmp_path / "links" / "agent").symlink_to(tool)

        assert f"leads to {tool}" in str(trouble_with("agent", [tmp_path / "links"]))

    def test_is_held_to_its_time(self, sandbox, bench, limits):
        outcome = bench.run("sleep 60", on_line=print, limits=replace(limits, seconds=1))

        assert outcome.ended == "timeout"

    def test_cancelled_ends_with_all_that_it_started(self, sandbox, bench, limits, home):
        mark = f"at-{home.parent.name}"
        lines: list[str] = []

        outcome = bench.run(
            STUBBORN.format(mark=mark),
            on_line=lines.append,
            limits=limits,
            cancelled=lambda: "forked" in lines,
        )

        assert outcome.ended == "cancelled"
        assert carriers_of(mark) == []

    def test_is_refused_without_walls_until_the_operator_accepts_it(self, repository, monkeypatch):
        monkeypatch.setattr(facts, "probe", lambda: Sandbox("none", "for this test", "none"))
        monkeypatch.setattr(facts, "installation", lambda: replace(installation(), unsandboxed=False))

        with (
            pytest.raises(Failed, match="has no sandbox") as refused,
            bench_at(repository, repository.resolve("main"), name="agent-2", branch="b"),
        ):
            pass
        assert "GREENROOM_UNSANDBOXED=1" in str(refused.value.suggestion)


class TestBench:
    def test_is_gone_afterwards_whatever_was_done_in_it(self, sandbox, repository, limits, home):
        with bench_at(repository, repository.resolve("main"), name="agent-1", branch="b") as bench:
            bench.run("mkdir deep; touch deep/file; chmod 0 deep; ln -s / root", on_line=print, limits=limits)
            assert (home / "checkouts" / "agent-1").is_dir()

        assert list((home / "checkouts").iterdir()) == []

    def test_begins_anew_where_a_killed_process_left_one(self, repository, home):
        left = home / "checkouts" / "agent-1" / "tree"
        left.mkdir(parents=True)
        (left / "half.txt").write_text("half")

        with bench_at(repository, repository.resolve("main"), name="agent-1", branch="b") as bench:
            assert not (bench.tree / "half.txt").exists()
            assert bench.changes().files == {}

    def test_gives_its_things_a_name_that_the_project_does_not_use(self, repository):
        repository.commit_files("main", {".greenroom/notes.md": b"ours"}, message="Own", author=BOB)

        with bench_at(repository, repository.resolve("main"), name="agent-1", branch="b") as bench:
            assert bench.give("prompt.md", b"x") == ".greenroom-/prompt.md"
            assert bench.changes().files == {}
