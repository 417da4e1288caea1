"""Several people press in the same moment."""

import threading
from collections.abc import Callable

from app.core.db import session as db
from app.core.db import unit_of_work
from app.core.errors import Conflict

CALLERS = 4


def together(*acts: Callable[[], object]) -> list[str]:
    """Do these in a thread each at once, one alone in several; returns how it went for each."""
    acts = acts if len(acts) > 1 else acts * CALLERS
    start, ends = threading.Barrier(len(acts)), []

    def go(act: Callable[[], object]) -> None:
        with unit_of_work():
            start.wait(10)
            try:
                act()
            except Conflict as trouble:
                ends.append(trouble.code)
            else:
                ends.append("done")

    threads = [threading.Thread(target=go, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    db.expire_all()
    return sorted(ends)
