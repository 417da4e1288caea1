from collections.abc import Callable

import pytest

from app.interviews.interviewer import AppOutline, read_outline

_MENU = """<header><a class="brand" href="index.html">Corner Bakery</a>
<nav><a href="index.html">Home</a> <a href="about.html">About</a> <a href="contact.html">Contact</a></nav></header>"""


def _page(title: str, body: str) -> bytes:
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<link rel="stylesheet" href="css/site.css"></head>
<body>{_MENU}<main>{body}</main><footer><p>© Corner Bakery</p></footer></body></html>""".encode()


BAKERY = {
    "index.html": _page(
        "Corner Bakery",
        """<h1>Fresh bread every morning</h1><p>We bake from five o'clock.</p>
<h2>Our bread</h2><ul><li>Rye, €4.20</li><li>Spelt, €4.80</li></ul><img src="img/oven.jpg" alt="Our oven">
<h2>Opening hours</h2><p>Monday to Friday, 6:00 to 18:00</p>
<a class="button" role="button" href="contact.html">Order by phone</a>""",
    ),
    "about.html": _page(
        "About us - Corner Bakery", "<h1>About us</h1><p>Three generations.</p><h2>The team</h2>"
    ),
    "contact.html": _page(
        "Contact - Corner Bakery",
        """<h1>Contact</h1><h2>Find us</h2><p>Mill Lane 3. Phone 030 123 456.</p>
<h2>Write to us</h2><form action="/send" method="post"><label>Your name <input name="name"></label>
<label for="m">E-mail</label><input id="m" type="email"><textarea aria-label="Message"></textarea>
<button type="submit">Send message</button></form>""",
    ),
    "css/site.css": b"body { color: #222 }",
    "README.md": b"# Corner Bakery",
}

NOTES = {
    "app.py": b"""
from flask import Flask, render_template
app = Flask(__name__)

@app.route("/")
def home():
    return render_template("home.html")

@app.get("/notes/<int:note_id>")
def show_note(note_id):
    note = find(note_id)
    return render_template("notes/show.html", note=note)

@app.route("/sign-in", methods=["GET", "POST"])
def sign_in():
    return render_template("sign_in.html")
""",
    "requirements.txt": b"flask\n",
    "templates/base.html": b"""<html><head><title>{% block title %}Notes{% endblock %} | Notes</title></head><body>
<nav><a href="{{ url_for('home') }}">All notes</a><a href="{{ url_for('sign_in') }}">{{ _("Sign in") }}</a></nav>
{% block content %}{% endblock %}</body></html>""",
    "templates/home.html": b"""{% extends "base.html" %}{% block title %}All notes{% endblock %}{% block content %}
<h1>Your notes</h1>{% for note in notes %}<h2>{{ note.title }}</h2>{% endfor %}<button>Add a note</button>{% endblock %}""",
    "templates/notes/show.html": b"""{% extends "base.html" %}{% block title %}One note{% endblock %}
{% block content %}<h1>{{ note.title }}</h1><button>Delete</button><a href="{{ url_for('home') }}">Back</a>{% endblock %}""",
    "templates/sign_in.html": b"""{% extends "base.html" %}{% block content %}<h1>Sign in</h1>
<form><label>Name<input name="name"></label><label>Password<input type="password" name="p"></label><button>Sign in</button>
</form>{% endblock %}""",
    "templates/_note.html": b"<article><h3>{{ note.title }}</h3></article>",
}


def outline_of(files: dict[str, bytes]) -> AppOutline:
    return read_outline(list(files), files.__getitem__)


@pytest.fixture
def bakery() -> AppOutline:
    """A small static site: home, about, contact."""
    return outline_of(BAKERY)


@pytest.fixture
def notes() -> AppOutline:
    """A small Flask app with templates and a sign-in page."""
    return outline_of(NOTES)


@pytest.fixture
def read() -> Callable[[dict[str, bytes]], AppOutline]:
    return outline_of
