"""A letter's words, from its template in templates/emails: the subject, the text, and the same as HTML."""

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from app.core.installation import installation
from app.letters.models import LetterKind

ROOT = Path(__file__).resolve().parents[2]


class Words(NamedTuple):
    """What a letter says."""

    subject: str
    text: str
    html: str


def words_of(kind: LetterKind, facts: Mapping[str, str]) -> Words:
    """Write a letter of a kind about some facts."""
    context = {**facts, "site": installation().url}
    texts = _templates().get_template(f"emails/{kind}.txt").render(context)
    subject, _, text = texts.partition("\n")
    html = _templates().get_template(f"emails/{kind}.html").render(context)
    return Words(subject.strip(), f"{text.strip()}\n", html)


@functools.cache
def _templates() -> Environment:
    templates = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    words: NullTranslations = Translations.load(ROOT / "app" / "translations")
    templates.install_gettext_callables(words.ugettext, words.ungettext, newstyle=True)  # type: ignore[attr-defined]
    return templates
