"""What is saved to a version reaches the session that runs of it, and what nobody needs any more ends."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from app.apps import queries
from app.apps.models import SILENCE, AppPreviewSession, AppVersion, SessionStatus
from app.apps.operations.sessions import begin, fail, let_end, place_of_session, remove_session
from app.core import ledger
from app.core.changes import changed
from app.core.db import after_commit, let_go, session, transaction
from app.core.errors import Failed
from app.engine import followed, instances, serving
from app.engine.plans.dev import DevPlan, Reload, needs_new_start

S = SessionStatus


def follow_saved(version: AppVersion) -> None:
    """Let the session of a version, where there is one, show what was just saved to it."""
    found = queries.open_session_of(version)
    if found is not None:
        after_commit(partial(follow_files, found))


def follow_files(found: AppPreviewSession) -> None:
    """Write what is new in a version into the files of its session; a second time it finds nothing to do."""
    with _alone_with(found):
        session.refresh(found)
        head = queries.tip_of(found.app_version)
        if found.status is not S.READY or head is None or head == found.commit_sha:
            return
        repository, before = queries.repository_of_app(found.app_version.app), str(found.commit_sha)
        let_go()
        try:
            paths = followed.follow(repository, found.folder, old=before, new=head)
        except Failed:  # what is served has to be laid out anew
            _come_up_anew(found)
            return
        except OSError:  # its files are being taken away; if they should not be, the schedule sees it
            return
        if needs_new_start(paths):
            _come_up_anew(found)
            return
        _note(found, head)


def _note(found: AppPreviewSession, head: str) -> None:
    with transaction():
        session.refresh(found)
        if found.status is not S.READY:
            return
        found.commit_sha = head
        if DevPlan.from_dict(found.plan or {}).reload is Reload.RESTART:
            instances.restart(found.name)
        changed(found.id)


def _come_up_anew(found: AppPreviewSession) -> None:
    with transaction():
        session.refresh(found)
        if found.status is not S.READY:
            return
        found.move_to(S.HYDRATING)
        instances.remove(found.name)
        begin(found)


@contextmanager
def _alone_with(found: AppPreviewSession) -> Iterator[None]:
    """Let one at a time write into a session's files."""
    with found.lock_path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def settle_sessions() -> int:
    """End what nobody is at any more, and set right what a crash left behind; called by the schedule."""
    found = queries.open_sessions()
    for each in found:
        if _is_over(each):
            let_end(each)
        elif each.status is S.READY and not each.folder.is_dir():
            fail(each, Failed("files_missing", "The files that it served are gone.", "Start it again."))
        elif each.status is S.READY:
            follow_files(each)
    for each in queries.unremoved_sessions():
        remove_session.later(each.id, topic=each.app_version.app.project_id)
    _forget()
    return len(found)


def _is_over(found: AppPreviewSession) -> bool:
    app = found.app_version.app
    is_gone = found.app_version.deleted_at is not None or app.deleted_at is not None
    return found.is_silent or is_gone or app.project.is_archived


def _forget() -> None:
    for each in queries.forgotten_sessions():
        each.log_path.unlink(missing_ok=True)
        with transaction():
            session.delete(each)
    instances.forget_gone("session")


def session_disagreements() -> Iterator[str]:
    """Say where preview sessions and the rest of the world differ."""
    for found in queries.open_sessions():
        run, name = queries.run_of_session(found), f"Preview session {found.id}"
        if found.is_on_the_way and (run is None or not run.is_open):
            yield f"{name} is {found.status}, but nothing works on it."
        if found.is_silent and ledger.is_overdue(found.last_heartbeat_at + SILENCE):
            yield f"{name} is {found.status}, but nobody was there since {found.last_heartbeat_at:%H:%M:%S}."
        if found.status is S.READY:
            place = place_of_session(found)
            yield from (
                f"{name} {line}" for line in serving.differences(place, has_process=found.has_process)
            )
