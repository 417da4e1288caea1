"""Templates import what they use, and every word that a person reads goes through gettext."""

import re

import pytest
from jinja2 import Environment, nodes

from tests.architecture.pages import FILLED, environment, html_of, sources

# Words that are the same in every language.
NAMES = {"Greenroom", "API"}
# Words of a template that nobody reads: parts of attributes that a macro writes.
PARTS = {"components/button.html": {"button"}, "components/form.html": {"required"}}
UNTRANSLATED = {
    "design/page.html": "made-up samples for those who build pages",
    "design/plain.html": "made-up samples for those who build pages",
}
# Attributes whose values people read or hear.
_SPOKEN = ("title", "alt", "placeholder", "aria-label", "aria-description")
_WORD = re.compile(r"[A-Za-zÀ-ÿ]{2,}")
# Classes in blocks and the lines of macros are left out.
_NO_PROSE = re.compile(
    r"{%-?\s*block (body_class|width)\b.*?endblock.*?%}|{%-?\s*(end)?macro\b.*?%}", re.DOTALL
)


def unused_imports(env: Environment, templates: dict[str, str]) -> list[str]:
    """Return what templates import and do not use."""
    found = []
    for name, source in templates.items():
        tree = env.parse(source)
        imported = {each.target for each in tree.find_all(nodes.Import)}
        for each in tree.find_all(nodes.FromImport):
            imported |= {part[1] if isinstance(part, tuple) else part for part in each.names}
        used = {each.name for each in tree.find_all(nodes.Name) if each.ctx == "load"}
        found += [f"{name}: {word}" for word in sorted(imported - used)]
    return found


def unspoken(env: Environment, templates: dict[str, str]) -> list[str]:
    """Return words in templates that no translation can reach: between tags, or in attributes that are read."""
    found = []
    for name, source in templates.items():
        html = html_of(env, _NO_PROSE.sub("", source))
        attributes = [element.attributes.get(each, "") for element in html.elements for each in _SPOKEN]
        for text in (*html.words, *attributes):
            words = set(_prose(text)) - NAMES - PARTS.get(name, set())
            if words:
                found.append(f"{name}: {' '.join(text.split())}")
    return found


def _prose(text: str) -> list[str]:
    """Return the words of a text that are neither an address nor a part of an attribute."""
    pieces = text.replace(FILLED, " ").split()
    plain = [piece for piece in pieces if not re.search(r"[/=_]|--|\w\.\w", piece)]
    return _WORD.findall(" ".join(plain))


@pytest.fixture
def env(app) -> Environment:
    return environment(app)


def spoken_sources() -> dict[str, str]:
    return {
        name: source
        for name, source in sources().items()
        if name.endswith(".html") and name not in UNTRANSLATED
    }


class TestEveryTemplate:
    def test_imports_only_what_it_uses(self, env):
        assert (
            unused_imports(env, {name: text for name, text in sources().items() if name.endswith(".html")})
            == []
        )

    def test_speaks_through_gettext(self, env):
        assert unspoken(env, spoken_sources()) == []

    def test_that_is_excused_exists(self):
        assert set(UNTRANSLATED) <= set(sources())


class TestTheRules:
    @pytest.mark.parametrize(
        "bad",
        [
            "{% from 'components/button.html' import button %}<p></p>",
            "{% from 'components/button.html' import button as b, csrf %}{{ csrf() }}",
            "{% import 'components/shell.html' as shell %}<p></p>",
        ],
    )
    def test_see_an_import_that_nobody_uses(self, env, bad):
        assert len(unused_imports(env, {"bad.html": bad})) == 1

    def test_let_a_used_import_be(self, env):
        good = "{% from 'components/card.html' import card %}{% call card() %}{% endcall %}"

        assert unused_imports(env, {"good.html": good}) == []

    @pytest.mark.parametrize(
        "bad",
        [
            "<p>Hello</p>",
            "<p>{{ name }} wrote</p>",
            "{% if x %}<b>Yes</b>{% endif %}",
            "<img alt='A cat'>",
            "<input placeholder='Your name'>",
            "{% macro x() %}<i>Inside</i>{% endmacro %}",
        ],
    )
    def test_see_words_that_no_translation_reaches(self, env, bad):
        assert len(unspoken(env, {"bad.html": bad})) == 1

    def test_let_translated_words_and_names_be(self, env):
        good = "{# Words for us. #}<p title='{{ _('Go') }}'>{{ _('Hello') }} · #{{ 1 }} Greenroom {% trans %}x{% endtrans %}</p>"

        assert unspoken(env, {"good.html": good.replace("{% trans %}x{% endtrans %}", "")}) == []
