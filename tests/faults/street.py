"""A street of requests, one at each state of the road, so that one fault meets all of them at once."""

from dataclasses import dataclass
from uuid import UUID

from tests.faults.house import GATED, PLAIN, PROMISE, SERVED, House, Project, Request
from tests.support.installation import wait_until

BROKEN = {"greenroom.toml": '[build]\ncommand = "echo no flour; exit 1"\noutput = "."\n'}
# Starts to listen only once a file lies in its folder; a folder made anew waits again.
SLOW = {
    "start.sh": "until [ -e go ]; do sleep 0.05; done\nexec python3 -m http.server $PORT --bind 127.0.0.1\n"
}
STARTED = PLAIN | {"Procfile": "web: sh start.sh\n", "start.sh": SLOW["start.sh"].split("\n")[1] + "\n"}


@dataclass
class Street:
    """The requests that stand still, and the project whose builds are held back."""

    house: House
    gated: Project
    served: Request
    slow: Project
    built: Request
    still: dict[str, Request]
    news: str = ""

    @classmethod
    def lay_out(cls, house: House) -> "Street":
        """Bring a request to each state of the road and leave it there."""
        plain = house.project(PLAIN)
        served = house.pushed_request(house.project(SERVED))
        accepted = house.pushed_request(plain)
        accepted.await_status("ready")
        accepted.take("approve", commitSha=accepted.commit)
        changed = house.pushed_request(plain)
        changed.await_status("ready")
        changed.take("request_changes", feedback="On Sundays too.")
        dropped = house.ready_request(plain)
        dropped.take("cancel", reason="We thought of something better.")
        merged = house.accepted_request(plain)
        merged.take("merge")
        draft, asked = house.draft_request(plain), house.draft_request(plain)
        house.ask("POST", f"/requests/{asked.id}/interview/message", {"answers": {}})
        failed = house.pushed_request(plain, also=BROKEN)
        failed.await_status("failed")
        gated = house.project(GATED)
        built = house.pushed_request(gated)
        built.await_status("ready")
        served.await_status("ready")
        still = {
            "draft": draft,
            "interviewing": asked,
            "ready": house.ready_request(plain),
            "in_development": house.worked_on_request(plain),
            "in_review": accepted,
            "preview failed": failed,
            "changes_requested": changed,
            "pr_open": house.accepted_request(plain),
            "merged": merged,
            "cancelled": dropped,
        }
        return cls(house, gated, served, house.project(STARTED), built, still)

    def states(self) -> dict[str, tuple[str, str]]:
        """Where each of those that stand still is, and its preview."""
        return {name: (each.status, str(each.preview["status"])) for name, each in self.still.items()}

    def runs(self, *requests: Request) -> list[str]:
        """The ids of the runs of their newest previews."""
        newest = "SELECT run_id FROM previews WHERE request_id = ? ORDER BY created_at DESC LIMIT 1"
        return [str(UUID(self.house.rows(newest, each.key)[0][0])) for each in requests]

    # --- what is at work when the fault comes ------------------------------------------------------------

    def build(self) -> list[Request]:
        """Have a preview being built, one queued behind it, and main queued to be put live."""
        self.gated.hold()
        self.built.build_anew()
        self.built.await_build()
        waiting = self.house.pushed_request(self.gated)
        self.news = f"<p>as of {waiting.number}</p>"
        self.house.push(self.gated, "main", GATED | {"index.html": self.news})
        assert waiting.preview["status"] == "queued"
        return [self.built, waiting]

    def begin(self) -> list[Request]:
        """Have a preview that is starting, and one queued behind it."""
        starting = self.house.pushed_request(self.slow, also=SLOW)
        starting.await_status("starting")
        waiting = self.house.pushed_request(self.slow)
        assert waiting.preview["status"] == "queued"
        return [starting, waiting]

    def go_on(self) -> None:
        """Let everything through that is held back."""
        self.gated.release()
        for script in (self.house.here.home / "checkouts").glob("preview-*/start.sh"):
            (script.parent / "go").touch()

    def is_live(self) -> bool:
        return self.news in self.house.here.open(self.gated.live).text

    def heals(self, *at_work: Request) -> None:
        """Hold the installation to its promise: what was at work is shown, and all is true."""
        self.shows(*at_work)
        for request in at_work:
            request.await_status("ready")
        self.house.await_truth()

    def shows(self, *at_work: Request) -> None:
        """Wait until what was at work is shown, and what was up answers."""
        waiting = [*at_work, self.served]

        def is_done() -> bool:
            self.go_on()
            waiting[:] = [request for request in waiting if not request.is_shown()]
            return not waiting and self.is_live()

        wait_until(is_done, PROMISE, "what was at work to be shown")
