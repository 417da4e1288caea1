"""What this machine lacks for doing its work well and safely, in sentences."""

import shutil

import redis

from app.core import db
from app.core.changes import connection
from app.core.installation import Installation
from app.engine.sandbox.facts import probe

LEAST_FREE_MB = 1024


def shortcomings(here: Installation) -> list[str]:
    """Look at the servers that everything stands on, and at the machine."""
    return [*_servers(), *_machine(here)]


def _servers() -> list[str]:
    found = []
    if not db.is_reachable():
        found.append("The database does not answer. Look at DATABASE_URL.")
    try:
        with connection() as server:
            server.ping()
    except redis.RedisError:
        found.append("The queue does not answer. Start Greenroom with bin/up, or look at REDIS_URL.")
    return found


def _machine(here: Installation) -> list[str]:
    found = []
    sandbox = probe()
    if sandbox.kind == "none":
        how = "runs unprotected" if here.unsandboxed else "is refused"
        found.append(f"There is no sandbox, so what people push {how}: {sandbox.reason}")
    if shutil.which("git") is None:
        found.append("git is missing, and every project lives in it. Install it.")
    free = shutil.disk_usage(here.home).free // 2**20
    if free < LEAST_FREE_MB:
        found.append(f"Only {free} MiB are free where {here.home} is. Builds need {LEAST_FREE_MB}.")
    return found
