"""Every fragment has one root with an id and says what it needs; what htmx does is written on the element."""

import re
from collections.abc import Iterator

import pytest
from jinja2 import Environment, meta, nodes

from tests.architecture.pages import FILLED, environment, fragments, html_of, sources, walk

# Fragments that ask again for as long as somebody looks, each with the reason.
ENDLESS = {
    "desk/_board.html": "a board has no last state; while nothing moved the answer is empty (204) and nothing is swapped",
}
# What every template may use without saying so.
EVERYWHERE = {"current_user", "nav", "installation", "csrf_token", "g", "request", "icon_shapes"}
_ASKS = {"hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete"}
_POLLS = re.compile(r"\bevery\s*(\d|$)")
_SOURCE = re.compile(r"app\.[a-z_.]+\.\w+\(\)")  # "as app.previews.views.status_context() returns them"


def without_one_root(env: Environment, templates: dict[str, str]) -> list[str]:
    """Return the fragments that have another number of roots than one, or a root without an id."""
    found = []
    for name, source in templates.items():
        html = html_of(env, source)
        if not html.roots and html.loose == [FILLED]:
            html = _drawn_by_macro(env, source)
        if len(html.roots) != 1 or html.loose or "id" not in html.roots[0].attributes:
            found.append(name)
    return found


def _drawn_by_macro(env: Environment, source: str):
    """Read the macro that draws a fragment which is nothing but one call of it."""
    tree = env.parse(source)
    call = next(
        node
        for node in tree.find_all(nodes.Output)
        if any(isinstance(part, nodes.Call) for part in node.nodes)
    )
    wanted = next(part.node.name for part in call.nodes if isinstance(part, nodes.Call))
    for imported in tree.find_all(nodes.FromImport):
        for name in imported.names:
            original, alias = name if isinstance(name, tuple) else (name, name)
            if alias == wanted:
                text = env.loader.get_source(env, imported.template.value)[0]
                body = re.search(rf"{{% macro {original}\(.*?-?%}}(.*?){{%-? endmacro", text, re.DOTALL)
                return html_of(env, body[1])
    return html_of(env, "")


def without_inputs(env: Environment, templates: dict[str, str]) -> list[str]:
    """Return what fragments use without naming it in their first line."""
    found = []
    for name, source in templates.items():
        first = source.split("\n", 1)[0]
        tree = env.parse(source)
        own = {each.name for each in tree.find_all(nodes.Name) if each.ctx == "store"}
        used = meta.find_undeclared_variables(tree) - own - EVERYWHERE - set(env.globals)
        if not first.startswith("{#"):
            found.append(f"{name}: says nothing in its first line")
        elif not _SOURCE.search(first):
            found += [f"{name}: {word}" for word in sorted(used) if not re.search(rf"\b{word}\b", first)]
    return found


def inline(env: Environment, templates: dict[str, str]) -> list[str]:
    """Return the places that the content security policy forbids."""
    found = []
    for name, source in templates.items():
        for element in html_of(env, source).elements:
            wrong = [
                attribute
                for attribute in element.attributes
                if attribute == "style" or re.match(r"on[a-z]+$|hx-on", attribute) or attribute == "hx-vars"
            ]
            if element.tag == "style" or (element.tag == "script" and "src" not in element.attributes):
                wrong.append(f"<{element.tag}>")
            found += [f"{name}:{element.line}: {what}" for what in wrong]
    return found


def aimless(env: Environment, templates: dict[str, str]) -> list[str]:
    """Return what asks by htmx without saying where the answer goes and how."""
    found = []
    for name, source in templates.items():
        written = [set(element.attributes) for element in html_of(env, source).elements]
        handed = _attributes_of(env, source)
        found += [
            f"{name}: {sorted(names)}"
            for names in (*written, *handed)
            if names & _ASKS and not {"hx-target", "hx-swap"} <= names
        ]
    return found


def _attributes_of(env: Environment, source: str) -> Iterator[set[str]]:
    """Return the names in each dictionary of attributes that a template hands to a macro."""
    tree = env.parse(source)
    assigned = {
        node.target.name: node.node
        for node in tree.find_all(nodes.Assign)
        if isinstance(node.target, nodes.Name)
    }
    joined: set[int] = set()
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "dict":
            parts = [
                assigned.get(part.name) if isinstance(part, nodes.Name) else part
                for part in (*call.args, call.dyn_kwargs)
            ]
            dictionaries = [part for part in parts if isinstance(part, nodes.Dict)]
            joined |= {id(part) for part in dictionaries}
            yield set().union(*map(_keys, dictionaries))
    for each in tree.find_all(nodes.Dict):
        if id(each) not in joined:
            yield _keys(each)


def _keys(each: nodes.Dict) -> set[str]:
    return {str(pair.key.value) for pair in each.items if isinstance(pair.key, nodes.Const)}


def endless(env: Environment, templates: dict[str, str]) -> list[str]:
    """Return what polls whatever the state: only a condition can leave the trigger out at the end."""
    found = []
    for name, source in templates.items():
        for node, above in walk(env.parse(source)):
            text = (
                node.data
                if isinstance(node, nodes.TemplateData)
                else node.value
                if isinstance(node, nodes.Const)
                else None
            )
            if isinstance(text, str) and _POLLS.search(text):
                is_guarded = any(isinstance(each, nodes.If | nodes.CondExpr) for each in above)
                found += [] if is_guarded else [name]
    return found


@pytest.fixture
def env(app) -> Environment:
    return environment(app)


class TestEveryTemplate:
    def test_is_a_single_element_with_an_id_where_it_is_a_fragment(self, env):
        assert without_one_root(env, fragments()) == []

    def test_names_its_inputs_where_it_is_a_fragment(self, env):
        assert without_inputs(env, fragments()) == []

    def test_holds_nothing_inline(self, env):
        assert inline(env, sources()) == []

    def test_says_where_an_answer_goes(self, env):
        assert aimless(env, sources()) == []

    def test_stops_asking_by_itself(self, env):
        assert set(endless(env, sources())) - set(ENDLESS) == set()
        assert set(ENDLESS) <= set(endless(env, sources()))


class TestTheRules:
    @pytest.mark.parametrize(
        "bad",
        [
            "{# a: str #}\n<p id='one'></p><p id='two'></p>",
            "{# a: str #}\n<p>no id</p>",
            "{# a: str #}\n<p id='one'></p> and words",
            "{# a: str #}\n{% if a %}<p id='one'></p>{% endif %}{{ a }}",
            "{# a: str #}\nnothing at all",
        ],
    )
    def test_see_a_root_that_is_not_one(self, env, bad):
        assert without_one_root(env, {"_bad.html": bad}) == ["_bad.html"]

    def test_let_one_root_be(self, env):
        good = "{# a: str #}\n{% macro b() %}<i></i>{% endmacro %}<p id='x-{{ a }}'>{{ b() }}<br><img src='/x'></p>\n"

        assert without_one_root(env, {"_good.html": good}) == []

    def test_see_an_input_that_is_not_named(self, env):
        bad = {
            "_a.html": "<p id='a'></p>",
            "_b.html": "{# thing: str #}\n<p id='b'>{{ thing }}{{ other }}</p>",
        }

        assert without_inputs(env, bad) == ["_a.html: says nothing in its first line", "_b.html: other"]

    @pytest.mark.parametrize(
        "bad",
        [
            "<p style='color: red'>",
            "<style>p {}</style>",
            "<script>alert(1)</script>",
            "<a onclick='go()'>",
            "<a hx-on:click='go()'>",
            "<a hx-on--after-request='go()'>",
            "<a {% if x %}onfocus='{{ x }}'{% endif %}>",
        ],
    )
    def test_see_what_is_inline(self, env, bad):
        assert len(inline(env, {"bad.html": bad})) == 1

    @pytest.mark.parametrize(
        "bad",
        [
            "<a hx-get='/x'>",
            "<a hx-post='/x' hx-target='this'>",
            "<a{% if x %} hx-delete='/x'{% endif %} hx-swap='outerHTML'>",
            "{{ f(attrs={'hx-post': url, 'hx-swap': 'outerHTML'}) }}",
            "{% set swap = {'hx-swap': 'outerHTML'} %}{{ f(attrs=dict(swap, **{'hx-post': url})) }}",
        ],
    )
    def test_see_an_answer_that_goes_nowhere(self, env, bad):
        assert len(aimless(env, {"bad.html": bad})) == 1

    def test_let_an_aimed_answer_be(self, env):
        good = "{% set swap = {'hx-target': '#a', 'hx-swap': 'outerHTML'} %}{{ f(attrs=dict(swap, **{'hx-post': url})) }}"

        assert aimless(env, {"good.html": good}) == []

    @pytest.mark.parametrize(
        "bad",
        [
            "<p hx-get='/x' hx-trigger='every 2s'>",
            "<p hx-get='/x' hx-trigger='every {{ pace }}ms'>",
            "{{ f(attrs={'hx-trigger': 'every 2s'}) }}",
        ],
    )
    def test_see_a_poll_without_an_end(self, env, bad):
        assert endless(env, {"bad.html": bad}) == ["bad.html"]

    def test_let_a_poll_with_an_end_be(self, env):
        good = "<p{% if pace %} hx-get='/x' hx-trigger='every {{ pace }}ms'{% endif %}>"

        assert endless(env, {"good.html": good}) == []
