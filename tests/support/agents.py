"""Programs that work like a coding agent: small scripts in the repository, which really edit files."""

from app.projects import operations as projects
from app.projects.queries import repository_of
from tests.support.people import People

# Puts each quoted word of the last round's feedback (or of the prompt) on the start page.
SCRIPT = r"""#!/usr/bin/python3
import re, sys
prompt = open(sys.argv[1]).read()
asked = prompt.split("### Round")[-1]
word = re.findall(r'"([^"]+)"', asked)[-1]
print("Reading the request.", flush=True)
page = open("index.html").read()
page = re.sub(r'\n<p id="made">.*?</p>', "", page)
page = page.replace("</main>", f'\n<p id="made">{word}</p></main>')
open("index.html", "w").write(page)
print("Wrote", word, "on the page.")
"""


def with_program(people: People, script: str = SCRIPT, **more):
    """A project whose agent is a script in its repository."""
    project = people.project(**more)
    repository_of(project).commit_files(
        "main", {"bin/agent": script.encode()}, kinds={"bin/agent": "executable"},
        message="Add the agent", author=projects.signature_of(people.bob),
    )  # fmt: skip
    projects.set_agent(project, by=people.ada, preset="own", command="./bin/agent {prompt_file}")
    return project
