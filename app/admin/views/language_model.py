"""The language model of the installation."""

from typing import Any

from flask import Response, flash
from flask_babel import gettext as _

from app.admin.views.base import blueprint, must_administer
from app.core.installation import installation
from app.language_models import operations
from app.language_models.models import model_settings
from app.language_models.schemas import ModelForm, ModelOut
from app.web.guards import me
from app.web.pages import done, render
from app.web.schemas import Form, Schema

_ADDRESS = "/admin/language-model"


class Switch(Schema):
    """Whether the language model is asked."""

    is_on: bool


@blueprint.get(_ADDRESS)
def show_language_model() -> Response:
    """Show where the language model answers, what it costs and how the last test went."""
    must_administer()
    return _show()


@blueprint.post(_ADDRESS)
def set_up_language_model() -> Response:
    """Say where the language model answers and what it costs."""
    must_administer()
    form = Form(ModelForm)
    form.submit(lambda sent: operations.set_up(by=me(), **sent.all()))
    if form.errors:
        return _show(form=form, status=422)
    flash(_("The language model is saved. Test it next."), "success")
    return done(f"{_ADDRESS}#test")


@blueprint.post(f"{_ADDRESS}/test")
def test_language_model() -> Response:
    """Ask the language model something tiny."""
    must_administer()
    return _do(lambda _sent: operations.test(by=me()), Schema, "#test")


@blueprint.post(f"{_ADDRESS}/switch")
def switch_language_model() -> Response:
    """Let the language model be asked or not."""
    must_administer()
    return _do(lambda sent: operations.switch(by=me(), is_on=sent.is_on), Switch)


@blueprint.post(f"{_ADDRESS}/removal")
def forget_language_model() -> Response:
    """Take away what was said of the language model, with its key."""
    must_administer()
    operations.forget(by=me())
    flash(_("What was said of the language model is gone, with its key."), "success")
    return done(_ADDRESS)


def _do(act: Any, shape: type[Schema], anchor: str = "") -> Response:
    form = Form(shape)
    form.submit(act)
    return _show(form=form, status=422) if form.errors else done(f"{_ADDRESS}{anchor}")


def _show(*, form: Form[Any] | None = None, status: int = 200) -> Response:
    kept = model_settings()
    return render(
        "admin/language_model.html",
        kept=kept,
        model=ModelOut.of(kept),
        named_outside=installation().model_url,
        form=form,
        status=status,
    )
