import pytest

from app.interviews.interviewer import parse, scenarios_of

GOOD = """Feature: Opening hours

  Background:
    Given a visitor

  # from: words
  Scenario: They are right
    When they look at "Opening hours"
      | day | hours |
      | Mon | 6-18  |
    Then they read "Saturday"

  Rule: On Sundays
    Scenario: Closed
      Then they read
        \"\"\"
        Closed
        on Sundays
        \"\"\"
"""


class TestReadCriteria:
    def test_gives_scenarios_with_their_steps(self):
        first, second = scenarios_of(GOOD)

        assert first.name == "They are right"
        assert [str(step) for step in first.steps] == [
            "Given a visitor",
            'When they look at "Opening hours"',
            'Then they read "Saturday"',
        ]
        assert first.steps[1].details == ["day · hours", "Mon · 6-18"]
        assert second.steps[-1].details == ["Closed", "on Sundays"]

    def test_takes_criteria_in_another_language(self):
        text = "# language: de\nFunktionalität: Zeiten\n  Szenario: Neu\n    Angenommen ein Gast\n    Dann liest er es\n"

        assert parse(text) == []
        assert str(scenarios_of(text)[0].steps[0]) == "Angenommen ein Gast"

    @pytest.mark.parametrize("text", ["", "nonsense", "Feature: a\n Scenario: b\n  Given c\n  what"])
    def test_gives_nothing_where_it_does_not_parse(self, text):
        assert scenarios_of(text) == []


class TestCheckCriteria:
    @pytest.mark.parametrize(
        ("text", "line", "says"),
        [
            ("", 1, "nothing here yet"),
            ("Scenario: a\n  Given b", 1, "The first line has to be “Feature:”"),
            ("# only a comment", 1, "The first line has to be “Feature:”"),
            ("Feature: a", 1, "Add at least one scenario"),
            ("Feature: a\n  Scenario: b", 2, "“b” has no steps"),
            ("Feature: a\n  Scenario: b\n    Given c\n    it works", 4, "“it works” is not a step"),
            (
                "Feature: a\n  Scenario: b\n    Given c\n      | d | e |\n      | f |",
                5,
                "same number of cells",
            ),
            ('Feature: a\n  Scenario: b\n    Given c\n      """\n      open', 5, "never closed"),
            ("Feature: a\n  @two words\n  Scenario: b\n    Given c", 2, "cannot contain spaces"),
            ("# language: xx\nFeature: a", 1, "language is not known"),
            ("Feature: a\n  Scenario Outline: b\n    Given <c>", 2, "needs a table under “Examples:”"),
            ("Feature: a\n  Scenario: b\n    Given c\n  Feature: d", 4, "cannot stand here"),
            ("Feature: a\n  Scenario: b\n    Given \x00c", 3, "cannot be stored"),
            ("Feature: a\n" + "x" * 100_001, 1, "too long"),
        ],
    )
    def test_says_where_and_what_to_do(self, text, line, says):
        errors = parse(text)

        assert errors[0].line == line
        assert errors[0].column >= 1
        assert says in errors[0].message

    def test_accepts_what_is_right(self):
        assert parse(GOOD) == []
