"""The page that shows every component in every state."""

from flask import Blueprint, Response, render_template

from app.web import samples
from app.web.guards import public
from app.web.pages import render

blueprint = Blueprint("design", __name__)


@blueprint.get("/design")
@public
def show_design() -> Response:
    """Show the design system."""
    return render("design/page.html", **samples.everything())


@blueprint.get("/design/plain")
@public
def show_plain() -> Response:
    """Show the page without a shell, with a form that was refused."""
    return render("design/plain.html", **samples.everything())


@blueprint.get("/design/errors/<int:status>")
@public
def show_error(status: int) -> str:
    """Show how an error looks, without one."""
    message = "This is where the sentence of the error stands, with what to do next."
    return render_template("errors/error.html", status=status, kind="sample", message=message, errors=None)
