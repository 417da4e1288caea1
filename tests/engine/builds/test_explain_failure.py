"""Ada reads why a build failed without reading the build's log."""

import pytest

from app.core.installation import Limits
from app.engine.builds import explain, lines_that_matter
from app.engine.sandbox import Outcome

PIP = """Collecting flask==99
  Looking in indexes: https://packages.example/simple
ERROR: Could not find a version that satisfies the requirement flask==99 (from versions: 0.1, 3.1.3)
ERROR: No matching distribution found for flask==99
[notice] A new release of pip is available""".splitlines()

UV = """  × No solution found when resolving dependencies:
  ╰─▶ Because nosuchpackage was not found in the package registry and you require nosuchpackage,
      we can conclude that your requirements are unsatisfiable.""".splitlines()  # noqa: RUF001

NPM = """npm error code E404
npm error 404 Not Found - GET https://packages.example/nosuch - Not found
npm error 404
npm error 404  'nosuch@^1.0.0' is not in this registry.
npm error A complete log of this run can be found in: /tmp/home/x.log""".splitlines()

NPM_NEWER = """npm error code E404
npm error 404  The requested resource '@bob/nosuch@^1' could not be found or you do not have permission to access it.
npm error 404 Note that you can also install from a
npm error 404 tarball, folder, http url, or git url.""".splitlines()

UV_VERSION = """error: No solution found when resolving dependencies
  cause: Because there is no version of flask==99 and you require flask==99, we can conclude""".splitlines()

LOCK = """npm error code EUSAGE
npm error `npm ci` can only install packages when your package.json and package-lock.json or npm-shrinkwrap.json are in sync. Please update your lock file with `npm install` before continuing.
npm error Missing: vite@8.3.8 from lock file""".splitlines()

VITE = """vite v8.3.8 building client environment for production...
transforming...
✓ 2 modules transformed.
✗ Build failed in 30ms
error during build:
[vite]: Rolldown failed to resolve import "./nowhere.js" from "/app/src/main.js".
This is most likely unintended because it can break your application at runtime.
    at file:///app/node_modules/vite/dist/node/chunks/node.js:34:1""".splitlines()

TRACE = """starting
Traceback (most recent call last):
  File "/app/.venv/bin/flask", line 8, in <module>
    sys.exit(main())
  File "/app/.venv/lib/python3.11/site-packages/flask/cli.py", line 1131, in main
    cli.main()
  File "/app/app.py", line 3, in <module>
    import pandas
ModuleNotFoundError: No module named 'pandas'
later""".splitlines()


def failure(lines, **outcome):
    return explain(
        "Installing", Outcome(**{"exit_code": 1, **outcome}), lines, Limits(), code="install_failed"
    )


class TestLines:
    def test_of_a_traceback_the_project_s_own_end(self):
        assert lines_that_matter(TRACE)[-3:] == [
            '  File "/app/app.py", line 3, in <module>',
            "    import pandas",
            "ModuleNotFoundError: No module named 'pandas'",
        ]

    def test_noise_is_left_out(self):
        assert lines_that_matter(NPM) == [
            "npm error 404 Not Found - GET https://packages.example/nosuch - Not found",
            "npm error 404  'nosuch@^1.0.0' is not in this registry.",
        ]

    def test_the_first_and_the_last_of_many(self):
        lines = [f"src/a.ts({number},1): error TS1005: ';' expected." for number in range(500)]

        chosen = lines_that_matter(lines)

        assert len(chosen) == 10
        assert (chosen[0], chosen[-1]) == (lines[0], lines[-1])

    def test_where_nothing_tells_the_last(self):
        assert lines_that_matter([str(number) for number in range(50)]) == [
            str(number) for number in range(40, 50)
        ]

    def test_long_lines_are_shortened(self):
        assert len(lines_that_matter(["error " + "x" * 5_000])[0]) == 400

    @pytest.mark.parametrize(
        "lines", [[], [""], ["==> Installing: x"], ["Traceback (most recent call last):"]]
    )
    def test_of_nothing_at_most_nothing(self, lines):
        assert len(lines_that_matter(lines)) <= 1


class TestExplain:
    @pytest.mark.parametrize(
        ("lines", "words"),
        [
            (PIP, "There is no package flask==99 for this Python."),
            (UV, "There is no package nosuchpackage for this Python."),
            (NPM, "There is no npm package nosuch."),
            (NPM_NEWER, "There is no npm package @bob/nosuch."),
            (UV_VERSION, "There is no package flask==99 for this Python."),
            (LOCK, "package.json and its lockfile do not agree."),
            (VITE, "The import ./nowhere.js leads nowhere."),
            (TRACE, "The Python module pandas is not there."),
            (['npm error Missing script: "build"'], "package.json has no script build."),
            (["sh: 1: make: not found"], "The command make is not there."),
            (["npm error code ERESOLVE"], "Two packages want versions"),
            (["npm error errno ENOTFOUND"], "registry could not be reached"),
            (["The network refused 10.0.0.1:80: x"], "It wanted to reach 10.0.0.1:80, which is closed"),
            (['  File "/app/x.py", line 1', "SyntaxError: invalid syntax"], "syntax error: invalid syntax."),
        ],
    )  # fmt: skip
    def test_names_the_cause(self, lines, words):
        failed = failure(lines)

        assert failed.code == "install_failed"
        assert failed.message.startswith("Installing failed. ")
        assert words in failed.message
        assert failed.suggestion

    @pytest.mark.parametrize(
        ("line", "code"),
        [
            (
                "FATAL ERROR: Ineffective mark-compacts near heap limit Allocation failed - JavaScript heap out of memory",
                "out_of_memory",
            ),
            ("MemoryError", "out_of_memory"),
            ("OSError: [Errno 28] No space left on device", "disk_full"),
            ("OSError: [Errno 27] File too large", "disk_full"),
            ("sh: 1: Cannot fork", "too_many_processes"),
            ("BlockingIOError: [Errno 11] Resource temporarily unavailable", "too_many_processes"),
            ("Error: spawn /usr/bin/node EAGAIN", "too_many_processes"),
            ("KeyError: 'DATABASE_URL'", "missing_variable"),
        ],
    )
    def test_names_what_ran_out(self, line, code):
        assert failure([line]).code == code

    @pytest.mark.parametrize(
        ("ended", "code"),
        [
            ("timeout", "timed_out"),
            ("memory", "out_of_memory"),
            ("processes", "too_many_processes"),
            ("disk", "disk_full"),
        ],
    )
    def test_a_limit_comes_first(self, ended, code):
        assert failure(PIP, ended=ended).code == code

    def test_a_lone_key_error_is_no_variable(self):
        assert failure(["KeyError: 'title'"]).code == "install_failed"

    def test_without_a_sign_the_exit_code(self):
        assert failure(["so it goes"], exit_code=9).message == "Installing failed: the command ended with 9."

    def test_curly_braces_in_what_was_found_are_only_text(self):
        assert "{x}" in failure(["SyntaxError: unexpected {x}"]).message
