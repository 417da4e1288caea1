#!/usr/bin/env python3
"""Walk the whole road of a request through the API alone: ask, answer, build, try, accept, merge, live.

Needs nothing but Python 3.11, a running Greenroom and a key with the scopes read, write and admin:

    key=$(bin/greenroom api-key create --email ada@example.com --name road --scopes read,write,admin)
    python3 docs/walk_the_road.py http://localhost:8000 "$key"

The key's person has to be an installation admin, since the script makes a project. Every step prints what it got.
"""

import json
import sys
import time
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlsplit

WAIT_SECONDS = 120


class Greenroom:
    """A Greenroom, spoken to with a key."""

    def __init__(self, url: str, key: str) -> None:
        self.url, self.key = url.rstrip("/"), key

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Call an operation and return its `data`; an error is printed as the server says it."""
        request = urllib.request.Request(
            f"{self.url}/api{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.key}", "Content-Type": "application/json", **headers},
        )
        try:
            with urllib.request.urlopen(request, timeout=90) as answer:
                text = answer.read()
        except urllib.error.HTTPError as trouble:
            sys.exit(f"{method} {path}: {trouble.code} {trouble.read().decode()}")
        return json.loads(text)["data"] if text else None

    def wait(self, path: str, until: set[str], bad: set[str]) -> Any:
        """Ask for a status until it is one of `until`; each question waits on the server for a change."""
        for _ in range(WAIT_SECONDS):
            state = self.call("GET", f"{path}?wait=20")
            print(f"   {state['status']}" + (f": {state['message']}" if state.get("message") else ""))
            if state["status"] in until:
                return state
            if state["status"] in bad:
                sys.exit(f"{path} ended as {state['status']}: {state.get('error')}")
        sys.exit(f"{path} did not come to {until} in time")

    def open(self, address: str) -> str:
        """Open a preview as a program does; names under .localhost are reached on this machine."""
        parts = urlsplit(address)
        host = parts.hostname or ""
        target = address.replace(host, "127.0.0.1", 1) if host.endswith(".localhost") else address
        request = urllib.request.Request(target, headers={"Host": parts.netloc, "X-Greenroom-Key": self.key})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read().decode()


def main(url: str, key: str) -> None:
    """Walk it."""
    greenroom = Greenroom(url, key)
    me = greenroom.call("GET", "/users/me")
    organization = me["organizations"][0]
    print(f"1. {me['name']} in {organization['name']}")

    project = greenroom.call(
        "POST",
        "/admin/projects",
        {"organizationId": organization["id"], "name": "Walked by API", "starter": "static"},
    )
    print(f"2. project {project['slug']}: git clone {project['repository']['cloneUrl']}")

    asked = {"title": "Show the opening hours", "description": "People call us to ask when we are open."}
    request = greenroom.call("POST", f"/projects/{project['id']}/requests", asked)
    here = f"/requests/{request['id']}"
    print(f"3. request #{request['number']} is {request['status']}, turn: {request['turn']['role']}")

    talk = greenroom.call("POST", f"{here}/interview/message", {"answers": {}})
    answers = {question["id"]: "you_decide" for question in talk["questions"]}
    talk = greenroom.call("POST", f"{here}/interview/message", {"answers": answers})
    for assumption in talk["assumptions"]:
        print(f"   assumed: {assumption}")
    done = greenroom.call("POST", f"{here}/interview/complete", {})
    print(f"4. {done['status']}, to be checked like this:\n{done['gherkinCriteria']}")

    session = greenroom.call("POST", f"{here}/development/start", {"agent": "outline"})
    print(f"5. development on {session['branchName']}")
    session = greenroom.wait(f"{here}/development/status", {"completed"}, {"failed", "cancelled", "expired"})
    print(f"   commit {session['commitSha']}")

    preview = greenroom.wait(f"{here}/preview/status", {"ready"}, {"failed", "cancelled", "expired"})
    page = greenroom.open(preview["previewUrl"])
    print(
        f"6. {preview['previewUrl']} answers with {len(page)} characters in {preview['buildDurationMs']} ms"
    )

    for step in greenroom.call("GET", f"{here}/available-transitions"):
        print(
            f"   open: {step['action']} -> {step['to']}" + ("" if step["allowed"] else f" ({step['reason']})")
        )
    payload = {"action": "approve", "payload": {"commitSha": session["commitSha"]}}
    greenroom.call("POST", f"{here}/transition", payload)
    pull = greenroom.call("POST", f"{here}/pr", {})
    print(f"7. accepted; pull request {pull['number']} is {pull['mergeable']}")

    merged = greenroom.call("POST", f"{here}/transition", {"action": "merge", "payload": {}})
    print(f"8. {merged['status']}; its story:")
    for entry in reversed(greenroom.call("GET", f"{here}/activity?limit=100")):
        who = entry["actor"]["name"] if entry.get("actor") else "Greenroom"
        print(f"   {entry['createdAt']} {who}: {entry['text']}")

    live = preview["previewUrl"].replace(f"{request['number']}-", "", 1)
    for _ in range(WAIT_SECONDS):
        if 'id="greenroom-outline"' in greenroom.open(live) or "Outline" in greenroom.open(live):
            print(f"9. live at {live}")
            return
        time.sleep(1)
    sys.exit(f"{live} does not show what was merged")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
