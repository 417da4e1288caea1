"""`git clone` and `git push` over HTTP: git's own backend, without knowing which web framework asks.

Who may do what is decided before; here `may_write` and `protected` carry it out.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import parse_qs

from app.engine.repositories import git, pushes
from app.engine.repositories.processes import Backend, Stream
from app.engine.repositories.pushes import WHY_KEPT, WHY_PROTECTED, Change, Push
from app.engine.repositories.repository import Repository

__all__ = ["WHY_KEPT", "WHY_PROTECTED", "Answer", "Change", "serve", "service_of"]

_READ, _WRITE = "git-upload-pack", "git-receive-pack"
_PROTOCOL = re.compile(r"[a-z0-9=:.-]{1,100}")
# What a client says when it fetches: which commits it has and wants.
_FETCH_BYTES = 64 * 1024 * 1024


class Answer(NamedTuple):
    """What to send: `chunks` has a `close()`, to be called in any case; `changes` is complete after that."""

    status: int
    headers: list[tuple[str, str]]
    chunks: Iterator[bytes]
    changes: Callable[[], list[Change]]


def service_of(path_info: str, query: str) -> str | None:
    """Return the service that an address asks for: "git-upload-pack", "git-receive-pack", or None.

    `path_info` is what follows the repository in the address; only the two forms of smart HTTP are known, so
    that no file of a repository is ever handed out as it lies there.
    """
    path = path_info.strip("/")
    if path == "info/refs":
        path = "".join(parse_qs(query).get("service", [])[:1])
    return path if path in {_READ, _WRITE} else None


def serve(
    repository: Repository,
    *,
    service: str,
    path_info: str,
    query: str,
    headers: Mapping[str, str],
    body: Stream,
    may_write: bool,
    protected: Collection[str] = (),
    why_protected: str = WHY_PROTECTED,
    kept: Collection[str] = (),
    why_kept: str = WHY_KEPT,
    notes: Mapping[str, str] | None = None,
    max_bytes: int,
) -> Answer:
    """Answer one request of a git client on a repository.

    `protected` names the refs (or branches) that this pusher may not move, `kept` those that nobody may
    delete, each with the words that follow the name of one that is refused; `notes` say what to print for a
    pushed ref ("*": for those without a note of their own); `max_bytes` limits a push. `body` is read to its
    end (a chunked one already put together by the server). Unavailable where git is missing.
    """
    if service_of(path_info, query) != service:
        return _plain(
            HTTPStatus.NOT_FOUND, "There is nothing here. Use the address of the repository with git."
        )
    if service == _WRITE and not may_write:
        return _plain(HTTPStatus.FORBIDDEN, "You may read this repository, but not push to it.")
    config = {"core.hooksPath": str(pushes.hooks()), "receive.maxInputSize": str(max_bytes)}
    variables = _request(repository, service, path_info, headers)
    if variables["REQUEST_METHOD"] == "GET" or service == _READ:
        most = _FETCH_BYTES
        push = None
    else:
        # The pack itself is limited by git, with words; this stops what comes after.
        most = 2 * max_bytes + _FETCH_BYTES
        push = Push(repository.path, notes=notes or {})
        push.refuse_to_move(protected, why_protected)
        push.refuse_to_delete(kept, why_kept)
        variables["GREENROOM_PUSH"] = str(push.folder)
    backend = Backend(
        git.environment(config, variables),
        body,
        max_bytes=0 if variables["REQUEST_METHOD"] == "GET" else most,
        finishes=push is not None,
        ended=push.end if push else _nothing,
    )
    answered = backend.headers()
    status = int((answered.get("Status") or "200").split()[0])
    passed_on = [(name, value) for name, value in answered.items() if name.lower() != "status"]
    return Answer(status, passed_on, backend, lambda: push.changes if push else [])


def _request(
    repository: Repository, service: str, path_info: str, headers: Mapping[str, str]
) -> dict[str, str]:
    sent = {name.lower(): value for name, value in headers.items()}
    path = repository.path.absolute()
    asks = path_info.strip("/") == "info/refs"
    variables = {
        "REQUEST_METHOD": "GET" if asks else "POST",
        "GIT_PROJECT_ROOT": str(path.parent),
        "PATH_INFO": f"/{path.name}/{'info/refs' if asks else service}",
        "QUERY_STRING": f"service={service}" if asks else "",
        "CONTENT_TYPE": sent.get("content-type", ""),
        "GIT_HTTP_EXPORT_ALL": "1",
        "REMOTE_ADDR": "127.0.0.1",
    }
    # Without a length git reads to the end of the body, as a chunked one needs.
    if sent.get("content-length", "").isdecimal() and "transfer-encoding" not in sent:
        variables["CONTENT_LENGTH"] = sent["content-length"]
    if sent.get("content-encoding") in {"gzip", "x-gzip"}:
        variables["HTTP_CONTENT_ENCODING"] = "gzip"
    if _PROTOCOL.fullmatch(sent.get("git-protocol", "")):
        variables["GIT_PROTOCOL"] = variables["HTTP_GIT_PROTOCOL"] = sent["git-protocol"]
    return variables


def _plain(status: HTTPStatus, text: str) -> Answer:
    return Answer(status, [("Content-Type", "text/plain; charset=utf-8")], iter([f"{text}\n".encode()]), list)


def _nothing() -> None:
    """Stand where nothing is to be done at the end."""
