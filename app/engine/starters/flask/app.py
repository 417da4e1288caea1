"""The whole app: its pages, and the notes that visitors leave."""

from datetime import UTC, datetime

from flask import Flask, redirect, render_template, request, url_for

MOST_NOTES = 50

app = Flask(__name__)
notes = []  # kept while the app runs; a database is the next step


@app.get("/")
def home():
    return render_template("home.html")


@app.get("/about")
def about():
    return render_template("about.html")


@app.get("/notes")
def show_notes():
    return render_template("notes.html", notes=notes)


@app.post("/notes")
def leave_note():
    text = request.form.get("text", "").strip()
    if not text:
        return render_template("notes.html", notes=notes, error="Please write something first."), 422
    notes.insert(0, {"text": text[:500], "at": datetime.now(UTC)})
    del notes[MOST_NOTES:]
    return redirect(url_for("show_notes"), code=303)


@app.errorhandler(404)
def not_found(error):
    return render_template("not_found.html"), 404
