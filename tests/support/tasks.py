"""Tasks and environments of a running installation, by the API that their clients speak."""

from dataclasses import dataclass
from typing import Any

from tests.environments.conftest import packed
from tests.support.installation import Answer, Installation

_BOUNDARY = "a-line-that-no-archive-has"


@dataclass(frozen=True)
class Workspace:
    """A project, as clients of task environments address it."""

    here: Installation
    organization: str
    name: str

    @classmethod
    def make(cls, here: Installation, name: str) -> "Workspace":
        mine = here.get("/api/users/me").data["organizations"][0]
        body = {"organizationId": mine["id"], "name": name, "starter": "empty"}
        organization, project = here.post("/api/admin/projects", body).data["url"].split("/")[3:5]
        return cls(here, organization, project)

    @property
    def environments(self) -> str:
        return f"/api/v1/org/{self.organization}/ws/{self.name}/environments"

    def publish(self, task: str, files: dict[str, str] | None = None) -> str:
        """Publish a version of a task; returns the reference to exactly this one."""
        archive = packed({"task.yaml": task, **(files or {})}).read()
        head = (
            f"--{_BOUNDARY}\r\nContent-Type: application/gzip\r\n"
            'Content-Disposition: form-data; name="file"; filename="task.tar.gz"\r\n\r\n'
        )
        body = head.encode() + archive + f"\r\n--{_BOUNDARY}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"}
        answer = self.here.post(f"/api/v1/org/{self.organization}/tasks", body, headers=kind)
        assert answer.status == 201, answer.text
        return str(answer.json["ref"])

    def create(self, task_ref: str, **more: Any) -> "Made":
        answer = self.here.post(self.environments, {"task_ref": task_ref, **more})
        assert answer.status == 201, answer.text
        return Made(self, answer.json["id"], answer.json["execute_token"])


@dataclass(frozen=True)
class Made:
    """An environment, and the token that it was made with."""

    workspace: Workspace
    id: str
    token: str

    @property
    def address(self) -> str:
        return f"{self.workspace.environments}/{self.id}"

    @property
    def name(self) -> str:
        """What its folder and its processes are called."""
        return f"environment-{self.id.replace('-', '')}"

    @property
    def status(self) -> Any:
        return self.workspace.here.get(f"{self.address}/status").json

    @property
    def state(self) -> str:
        return str(self.status["state"])

    def run(self, command: str, **more: Any) -> Answer:
        headers = {"X-Environment-Token": f"Bearer {self.token}"}
        body = {"command": command, **more}
        return self.workspace.here.post(f"{self.address}/execute", body, headers=headers)

    def tear_down(self) -> None:
        answer = self.workspace.here.request("DELETE", self.address)
        assert answer.status == 204, answer.text
