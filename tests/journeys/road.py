"""What is asked for by the API where a journey is about something else."""

from typing import Any

from tests.support.installation import Installation

CRITERIA = """Feature: Longer hours

  Scenario: The hours stand on the start page
    Given the start page is open
    Then the new opening hours can be read
"""


def ask(here: Installation, method: str, path: str, body: object = None) -> Any:
    """Ask, as Ada, for something that has to work."""
    answer = here.request(method, f"/api{path}", body)
    assert answer.status < 300, f"{method} {path}: {answer.status} {answer.text[:600]}"
    return answer.data


def organization_of(here: Installation) -> Any:
    return ask(here, "GET", "/users/me")["organizations"][0]


def new_project(here: Installation, name: str, starter: str = "empty") -> Any:
    made = {"organizationId": organization_of(here)["id"], "name": name, "starter": starter}
    return ask(here, "POST", "/admin/projects", made)


def clear_request(here: Installation, project: Any, title: str) -> Any:
    """File a request whose questions are answered."""
    asked = {"title": title, "description": "People stand before a closed door."}
    made = ask(here, "POST", f"/projects/{project['id']}/requests", asked)
    agreed = {"gherkinCriteria": CRITERIA, "agentPrompt": "Open longer."}
    ask(here, "POST", f"/requests/{made['id']}/interview/complete", agreed)
    return made


def invitation_for(here: Installation, email: str, role: str) -> str:
    """Invite somebody; returns the link."""
    address = f"/organizations/{organization_of(here)['id']}/invitations"
    return str(ask(here, "POST", address, {"email": email, "role": role})["url"])
