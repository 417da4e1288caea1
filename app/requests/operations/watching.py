"""Who is told what happens to a request without being asked to do anything."""

from app.accounts.models import User
from app.core.changes import changed
from app.core.db import session, transaction
from app.requests.models import ProductRequest, Watch


def watch(request: ProductRequest, *, by: User, watching: bool) -> None:
    """Be told from now on what happens to a request, or not any more; whoever can see it may."""
    with transaction():
        mine = session.get(Watch, (request.id, by.id))
        if mine is None:
            session.add(Watch(request_id=request.id, user_id=by.id, is_watching=watching))
        else:
            mine.is_watching = watching
        changed(str(request.id))


def take_part(request: ProductRequest, person: User) -> None:
    """Let somebody watch who takes part, unless they said that they do not want to."""
    with transaction():
        if session.get(Watch, (request.id, person.id)) is None:
            session.add(Watch(request_id=request.id, user_id=person.id))
            session.flush()  # the same person may take part twice in one step
