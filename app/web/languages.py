"""In what language pages speak: the translations are found once for a page, not for each of its words."""

from functools import cached_property
from typing import Any

from flask import Flask, g
from flask_babel import Babel, Domain
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup


def init_app(app: Flask) -> None:
    """Let views and templates speak the language of whoever a page is for."""
    domain = _Babel(app).domain_instance
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda words: domain.get_translations().ugettext(words),
        ngettext=lambda one, many, n: domain.get_translations().ungettext(one, many, n),
        newstyle=True,
    )

    @pass_eval_context
    def said(written: EvalContext, words: str, /, **named: Any) -> str:
        """Say words with what they name; Jinja's own way goes through the context twice more for each."""
        said: str = domain.get_translations().ugettext(words)
        if written.autoescape:
            said = Markup(said)  # noqa: S704 - our own words; what they name is escaped
        return said % named if "%" in said else said

    app.jinja_env.globals["_"] = said


class _Babel(Babel):  # type: ignore[misc]  # untyped upstream
    @cached_property
    def domain_instance(self) -> Domain:
        return _Domain()


class _Domain(Domain):  # type: ignore[misc]  # untyped upstream
    def get_translations(self) -> Any:
        found = g.get("translations")
        if found is None:
            found = g.translations = super().get_translations()
        return found
