"""greenroom.toml: Bob says himself how it is built, and is told the line where he slipped."""

import pytest

from app.core.errors import Failed
from app.engine.plans import plan_for, problems_in, settings_in


def plan(text: str, **files: str):
    everything = {
        "greenroom.toml": text,
        **{name.replace("__", "/").replace("_", "."): body for name, body in files.items()},
    }
    return plan_for(list(everything), lambda name: everything[name].encode())


class TestWins:
    def test_over_everything_that_was_recognised(self):
        found = plan('[build]\ninstall = "make deps"\ncommand = "make"\noutput = "out"\n', index_html="")

        assert (found.install, found.build, found.output, found.run) == ("make deps", "make", "out", None)
        assert found.reasons == ["greenroom.toml says so: [build] install, [build] command, [build] output."]

    def test_a_command_that_serves(self):
        found = plan(
            '[run]\ncommand = "python -m site"\nport = 3000\nhealth = "/up"\n', requirements_txt="flask\n"
        )

        assert (found.run, found.port, found.health, found.output) == ("python -m site", 3000, "/up", None)

    def test_only_the_preview_s_settings_leave_the_rest_recognised(self):
        found = plan(
            '[preview]\nseed = "./seed"\nidle = 60\n[preview.env]\nDEBUG = true\nN = 3\n', index_html=""
        )

        assert (found.kind, found.output, found.seed, found.idle) == ("static", ".", "./seed", 60)
        assert found.env == {"DEBUG": "true", "N": "3"}

    def test_a_root_below_the_repository(self):
        found = plan('root = "web"\n', web__index_html="")

        assert (found.root, found.output) == ("web", ".")

    def test_an_output_that_needs_no_build_needs_no_install(self):
        found = plan('[build]\noutput = "pages"\n', requirements_txt="flask", app_py="app = Flask(__name__)")

        assert (found.install, found.output, found.run) == (None, "pages", None)


class TestMistakes:
    @pytest.mark.parametrize(
        ("text", "line", "words"),
        [
            ("[build]\ncommand = make\n", 2, "not valid TOML"),
            ("[build\n", 1, "not valid TOML"),
            ('[run]\ncommand = "x"\n\nprot = 3\n', 4, "prot is not known in [run]"),
            ('[run]\ncommand = "x"\nport = "3000"\n', 3, "port must be a whole number"),
            ('[run]\ncommand = "x"\nport = true\n', 3, "port must be a whole number"),
            ("[run]\nport = 70000\n", 2, "from 1 to 65535"),
            ('[run]\nhealth = "up"\n', 2, "health is a path"),
            ('[build]\noutput = "../../etc"\n', 2, "folder inside the repository"),
            ('[build]\noutput = "/etc"\n', 2, "folder inside the repository"),
            ('root = ".."\n', 1, "folder inside the repository"),
            ("[preview]\nidle = 0\n", 2, "at least 1"),
            ('[preview.env]\n"A B" = "x"\n', 2, "cannot be the name"),
            ("[preview]\nenv = { A = [1] }\n", 2, "must be a text or a number"),
            ('build = "npm"\n', 1, "build must be a table"),
            ('[run]\ncommand = ""\n', 2, "command is empty"),
            ("[deploy]\nx = 1\n", 1, "deploy is not known"),
        ],
    )
    def test_names_the_line(self, text, line, words):
        with pytest.raises(Failed) as caught:
            plan(text, index_html="")

        assert caught.value.code == "bad_config"
        assert f"line {line}: " in caught.value.message
        assert words in caught.value.message
        assert caught.value.suggestion == f"Correct line {line} of greenroom.toml and push again."

    def test_are_all_found_and_the_rest_holds(self):
        text = '[run]\ncommand = "x"\nport = 70000\nprot = 3\n[preview.env]\n"A B" = "x"\nMODE = true\n'

        assert [(problem.line, problem.what[:12]) for problem in problems_in(text)] == [
            (3, "port is 7000"),
            (4, "prot is not "),
            (6, '"A B" cannot'),
        ]
        assert [(setting.name, setting.value) for setting in settings_in(text)] == [
            ("run.command", "x"),
            ("preview.env.MODE", "true"),
        ]
        with pytest.raises(Failed) as caught:
            plan(text)
        assert len(caught.value.lines) == 3

    def test_a_root_that_is_not_there(self):
        with pytest.raises(Failed, match="no such folder"):
            plan('root = "web"\n', index_html="")

    def test_bytes_that_are_no_text(self):
        with pytest.raises(Failed) as caught:
            plan_for(["greenroom.toml"], lambda _: b"\xff\xfe\x00[")

        assert caught.value.code == "bad_config"

    def test_deep_nesting(self):
        with pytest.raises(Failed) as caught:
            plan("root = " + "[" * 50_000)

        assert caught.value.code == "bad_config"
