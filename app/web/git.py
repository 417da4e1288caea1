"""A repository over smart HTTP: who a git client is, and how it is answered."""

import logging
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, request

from app.core.db import let_go, unit_of_work
from app.core.errors import NotFound, Unauthenticated
from app.core.installation import installation
from app.engine.repositories import Repository
from app.engine.repositories.smart_http import WHY_KEPT, WHY_PROTECTED, Answer, Change, serve, service_of
from app.web.guards import Caller, check_scope, program

log = logging.getLogger(__name__)
_PUSH = "git-receive-pack"
_MIB = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class GitCall:
    """What a git client asks for, and whom its key belongs to."""

    caller: Caller
    service: str
    rest: str

    @property
    def user(self) -> Any:
        return self.caller.user

    @property
    def may_change(self) -> bool:
        """Tell whether it is about a push: the push itself, or the question what it would meet."""
        return self.service == _PUSH

    @property
    def is_push(self) -> bool:
        return self.may_change and request.method == "POST"

    def check_scope(self) -> None:
        """Refuse what the key was not made for, once it is known that its person may see the repository."""
        if self.caller.via == "key":
            check_scope(self.caller, "write" if self.may_change else "read")


def git_call(rest: str) -> GitCall:
    """Read what a git client asks for; whoever comes without a key is asked for one.

    `rest` is what follows the repository in the address.
    """
    request.max_content_length = sys.maxsize  # None is the site's own; here git's limit holds, said in words
    found = program()
    if found is None:
        raise Unauthenticated("Use an API key as the password; the user name does not matter.")
    service = service_of(rest, request.query_string.decode("latin-1"))
    if service is None:
        raise NotFound("There is nothing here. Clone this address with a git that speaks smart HTTP.")
    return GitCall(caller=found, service=service, rest=rest)


def answer_git(
    repository: Repository,
    call: GitCall,
    *,
    hear: Callable[[list[Change]], None],
    protected: Collection[str] = (),
    why_protected: str = WHY_PROTECTED,
    kept: Collection[str] = (),
    why_kept: str = WHY_KEPT,
    notes: Mapping[str, str] | None = None,
) -> Response:
    """Answer a git client; what its push moved is told to `hear`, in a unit of work of its own."""
    answer = serve(
        repository,
        service=call.service,
        path_info=call.rest,
        query=request.query_string.decode("latin-1"),
        headers=dict(request.headers),
        body=request.stream,
        may_write=call.may_change,
        protected=protected,
        why_protected=why_protected,
        kept=kept,
        why_kept=why_kept,
        notes=notes or {},
        max_bytes=installation().push_limit_mb * _MIB,
    )
    let_go()
    chunks = _Chunks(answer, hear) if call.is_push else answer.chunks
    return Response(chunks, answer.status, answer.headers)


class _Chunks(Iterator[bytes]):
    """The answer to a push; what moved is heard before its last byte, so that the pusher finds it noted."""

    def __init__(self, answer: Answer, hear: Callable[[list[Change]], None]) -> None:
        self._answer = answer
        self._hear = hear
        self._is_over = False

    def __next__(self) -> bytes:
        try:
            return next(self._answer.chunks)
        except StopIteration:
            self.close()
            raise

    def close(self) -> None:
        if self._is_over:
            return
        self._is_over = True
        self._answer.chunks.close()  # type: ignore[attr-defined]
        try:
            with unit_of_work():  # the request is over for Flask as soon as its answer streams
                self._hear(self._answer.changes())
        except Exception:  # the edge of a stream: the push itself has landed and must be answered
            log.exception("a push landed, but what it moved could not be noted")
