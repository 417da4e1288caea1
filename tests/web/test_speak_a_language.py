"""The words of pages: with what they name, escaped where it has to be."""

import pytest
from flask import render_template_string


@pytest.mark.parametrize(
    ("template", "written"),
    [
        ("{{ _('Draft') }}", "Draft"),
        ("{{ _('%(name)s asks', name=name) }}", "&lt;Ada&gt; asks"),
        ("{{ _('%(n)s of %(all)s', n=1, all=2) }}", "1 of 2"),
        ("{{ _('100 %% of %(name)s', name=name) }}", "100 % of &lt;Ada&gt;"),
        ("{{ ngettext('%(num)s vote', '%(num)s votes', 2) }}", "2 votes"),
        ("{% autoescape false %}{{ _('%(name)s asks', name=name) }}{% endautoescape %}", "<Ada> asks"),
    ],
)
def test_says_words_with_what_they_name(app, template, written):
    with app.test_request_context("/"):
        assert render_template_string(template, name="<Ada>") == written
