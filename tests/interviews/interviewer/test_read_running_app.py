"""What the running app shows comes before what its files say."""

from app.interviews.interviewer import as_people_see_it, read_outline

FILES = {
    "app.py": b"""
from flask import Flask, render_template
app = Flask(__name__)

@app.route("/")
def home():
    return render_template("home.html")

@app.route("/notes/<int:note_id>")
def note(note_id):
    return render_template("note.html")
""",
    "templates/layout.html": b'<nav><a href="/">Home</a></nav><button>Search</button>',
    "templates/home.html": b"<h1>Hello {{ name }}</h1><h2>{% if old %}Old notes{% endif %}</h2><button>Add</button>",
    "templates/note.html": b"<h1>One note</h1>",
}
SHOWN = (
    "<nav><a href=/>Home</a></nav><button>Search</button><h1>Hello Ada</h1><h2>Today</h2><button>Add</button>"
)


def outline():
    return read_outline(list(FILES), FILES.__getitem__)


def test_shows_texts_as_people_see_them():
    asked: list[str] = []

    seen = as_people_see_it(outline(), lambda paths: asked.extend(paths) or {"/": SHOWN})

    home = seen.page_at("/")
    assert asked == ["/"]  # an address with a gap in it is nobody's to fill
    assert home.headings == ["Hello Ada", "Today", "Old notes"]
    assert home.buttons == ["Add"]  # what the layout has stays the layout's
    assert home.files == ["templates/home.html", "app.py"]
    assert "Today" in home.text


def test_keeps_what_is_written_where_nothing_answers():
    assert as_people_see_it(outline(), lambda _: {}) == outline()
