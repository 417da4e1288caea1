"""What was changed on a bench is taken over as it lies there, and only what belongs into a project."""

import pytest

from app.core.errors import Failed
from app.engine.workbench import Most, bench_at
from tests.engine.workbench.conftest import BOB


class TestChanges:
    def test_are_files_made_changed_and_deleted(self, sandbox, bench, do):
        do(
            "echo new > new.txt; echo '<h1>Bread</h1>' > index.html; rm css/site.css; chmod -x bin/serve; touch -d 1999-01-01 .gitignore"
        )

        changes = bench.changes()

        assert changes.files == {
            "new.txt": b"new\n",
            "index.html": b"<h1>Bread</h1>\n",
            "css/site.css": None,
            "bin/serve": b"#!/bin/sh\n",
        }
        assert changes.kinds == {"new.txt": "file", "index.html": "file", "bin/serve": "file"}

    def test_committed_on_the_bench_count_as_they_lie_there(self, sandbox, bench, do):
        do(
            "echo one > a; git add -A; git commit -qm one; git switch -qc other; echo two > a; git commit -qam two; git clean -fdq"
        )

        assert bench.changes().files == {"a": b"two\n"}

    def test_are_none_where_everything_is_as_before(self, sandbox, bench, do):
        do("git commit -q --allow-empty -m nothing; echo x >> index.html; git checkout -q index.html")

        assert bench.changes().files == {}

    def test_leave_out_what_is_ignored_left_behind_or_was_given(self, sandbox, bench, do):
        bench.give("prompt.md", b"Do it")
        do(
            "mkdir dist node_modules __pycache__; touch dist/a node_modules/b __pycache__/c run.log; echo y > y"
        )

        assert set(bench.changes().files) == {"y"}

    def test_carry_kinds_into_the_commit(self, bench, do, repository):
        do("printf '#!/bin/sh' > run; chmod +x run; ln -s index.html home.html; chmod -x bin/serve")
        changes = bench.changes()

        new = repository.commit_files(
            "main", changes.files, kinds=changes.kinds, message="Work", author=BOB, parent=bench.commit
        )

        kinds = {path: repository.kind(new, path) for path in ("run", "home.html", "bin/serve", "index.html")}
        assert kinds == {"run": "executable", "home.html": "link", "bin/serve": "file", "index.html": "file"}
        assert repository.blob(new, "home.html") == b"index.html"

    def test_of_a_repository_made_inside_are_its_files(self, bench, do):
        do(
            "mkdir -p made/deep && cd made && git init -q && touch a deep/b && git add -A && git -c user.name=x -c user.email=x@y commit -qm x"
        )

        assert set(bench.changes().files) == {"made/a", "made/deep/b"}

    def test_never_go_through_a_link(self, bench, do):
        do("rm -r css; ln -s bin css; ln -s serve bin/site.css; mkfifo pipe")

        changes = bench.changes()

        assert changes.files == {"css/site.css": None, "css": b"bin", "bin/site.css": b"serve"}

    def test_do_not_delete_what_could_not_be_laid_out(self, repository, home):
        repository.commit_files(
            "main", {"out": b"/etc/passwd"}, kinds={"out": "link"}, message="Out", author=BOB
        )

        with bench_at(repository, repository.resolve("main"), name="agent-1", branch="b") as bench:
            assert not (bench.tree / "out").exists()
            assert bench.changes().files == {}


class TestRefused:
    @pytest.mark.parametrize(
        ("line", "code", "named"),
        [
            ("ln -s /etc/passwd key", "link_leads_out", "key"),
            ("ln -s ../../home key", "link_leads_out", "key"),
            ("ln -sfn .. css2; ln -s css2/../.. deep", "link_leads_out", "css2"),
            (
                r"printf '<<<<<<< HEAD\na\n=======\nb\n>>>>>>> other\n' > index.html",
                "conflict_markers",
                "index.html",
            ),
            ("head -c 11000000 /dev/zero > film.mp4", "too_large", "film.mp4"),
            (r"touch 'a\b'", "bad_path", "backslash"),
            (r"""touch "$(printf 'a\377')" """, "bad_path", "not valid text"),
        ],
    )
    def test_with_the_reason(self, bench, do, line, code, named):
        do(line)

        with pytest.raises(Failed, match=named) as refused:
            bench.changes()
        assert refused.value.code == code
        assert refused.value.suggestion

    def test_too_many_files(self, bench, do):
        do("for each in 1 2 3 4; do touch $each; done")

        with pytest.raises(Failed, match="4 files; more than 3") as refused:
            bench.changes(Most(files=3))
        assert refused.value.code == "too_many_files"

    def test_but_not_marks_of_a_conflict_that_were_there_before(self, repository, home):
        text = b"<<<<<<< HEAD\na\n=======\nb\n>>>>>>> other\n"
        repository.commit_files("main", {"how-to.md": text}, message="Explain", author=BOB)

        with bench_at(repository, repository.resolve("main"), name="agent-1", branch="b") as bench:
            (bench.tree / "how-to.md").write_bytes(text + b"more\n")
            assert set(bench.changes().files) == {"how-to.md"}
