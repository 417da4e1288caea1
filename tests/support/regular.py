"""Somebody who asks for a page fifty times a second and keeps every answer."""

import contextlib
import http.client
import threading
import time
from collections import Counter
from collections.abc import Iterator

from tests.support.installation import Installation, wait_until

PACE = 1 / 50
OFTEN = 25  # answers after which something is no longer chance


class Regular:
    """Asks through the gateway, over one kept connection; whoever is not let in without one has a key."""

    def __init__(self, here: Installation, label: str, *, key: str = "") -> None:
        self.answers: Counter[tuple[int, str]] = Counter()
        self._port = here.gateway_port
        self._headers = {"Host": f"{label}.preview.localhost:{here.gateway_port}"}
        if key:
            self._headers["X-Greenroom-Key"] = key
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._ask_on)

    @contextlib.contextmanager
    def asking(self) -> Iterator[None]:
        """Ask for as long as this lasts."""
        self._thread.start()
        try:
            yield
        finally:
            self._over.set()
            self._thread.join(60)

    def _ask_on(self) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        due = time.monotonic()
        with contextlib.closing(line):
            while not self._over.wait(max(0.0, due - time.monotonic())):
                due += PACE
                self.answers[self._ask(line)] += 1

    def _ask(self, line: http.client.HTTPConnection) -> tuple[int, str]:
        try:
            line.request("GET", "/", headers=self._headers)
            answer = line.getresponse()
            return answer.status, answer.read().decode().strip()
        except (OSError, http.client.HTTPException) as trouble:
            line.close()
            return 0, repr(trouble)

    def sees(self, text: str) -> None:
        """Wait until what comes back says this, and goes on saying it."""
        before = self._times(text)
        wait_until(lambda: self._times(text) > before + OFTEN, 60, f"{text} to be seen")

    def _times(self, text: str) -> int:
        return sum(
            count for (status, said), count in list(self.answers.items()) if status == 200 and text in said
        )

    @property
    def failed(self) -> list[tuple[int, str]]:
        """Every kind of answer that was none."""
        return [(status, said[:300]) for status, said in self.answers if status != 200]
