"""What Bob pushes: a small Flask app that echoes over a WebSocket, and a small page that Vite builds."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

FLASK = {
    "requirements.txt": "flask>=3\nflask-sock>=0.7\n",
    "app.py": """from flask import Flask, render_template
from flask_sock import Sock

app = Flask(__name__)
sock = Sock(app)


@app.get("/")
def home():
    return render_template("home.html")


@sock.route("/echo")
def echo(socket):
    while True:
        socket.send(socket.receive().upper())
""",
    "templates/home.html": """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Shop</title><link rel="icon" href="data:,"></head>
<body><main><h1>Shop</h1><p id="hours">Open 9 to 17</p><p>It says: <output id="said"></output></p></main>
<script src="/static/echo.js"></script></body>
</html>
""",
    "static/echo.js": """const line = new WebSocket(`ws://${location.host}/echo`);
line.onopen = () => line.send("hello over there");
line.onmessage = ({ data }) => { document.querySelector("#said").textContent = data; };
""",
}
VITE = {
    ".gitignore": "node_modules\ndist\n",
    "package.json": """{
  "name": "garden",
  "private": true,
  "type": "module",
  "scripts": { "build": "vite build" },
  "devDependencies": { "vite": "5.4.11" }
}
""",
    "index.html": """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Garden</title><link rel="icon" href="data:,"></head>
<body><main id="app"></main><script type="module" src="/main.js"></script></body>
</html>
""",
    "main.js": """import { beds } from "./beds.js";

document.querySelector("#app").innerHTML = `<h1>Garden</h1><p>${beds.length} beds, ${import.meta.env.MODE}</p>`;
""",
    "beds.js": 'export const beds = ["beans", "chard"];\n',
}


@dataclass(frozen=True)
class Said:
    """How git ended, and what it said."""

    failed: bool
    text: str


@dataclass(frozen=True)
class Clone:
    """A folder on somebody's own machine, with a git that has no settings but theirs."""

    folder: Path
    who: str

    def git(self, *arguments: str) -> str:
        """Run what has to work."""
        done = self.try_git(*arguments)
        assert not done.failed, f"git {' '.join(arguments)}: {done.text}"
        return done.text

    def try_git(self, *arguments: str) -> Said:
        name, email = self.who, f"{self.who.split(maxsplit=1)[0].lower()}@example.org"
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder.parent),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            **{f"GIT_{role}_NAME": name for role in ("AUTHOR", "COMMITTER")},
            **{f"GIT_{role}_EMAIL": email for role in ("AUTHOR", "COMMITTER")},
        }
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        return Said(done.returncode != 0, done.stdout + done.stderr)

    def commit(self, files: dict[str, str], message: str) -> str:
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.git("add", "--all")
        self.git("commit", "-qm", message)
        return self.git("rev-parse", "HEAD").strip()
