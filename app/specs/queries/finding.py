"""Finding specs by a pattern: what others wrote runs in a process of its own, for a moment."""

import json
import subprocess
import sys
from collections.abc import Sequence

from sqlalchemy import Select

from app.core.db import let_go, session
from app.core.errors import DomainError
from app.specs.models import Spec

SECONDS = 2
LONGEST_PATTERN = 500
_MATCH = """
import json, re, sys
asked = json.load(sys.stdin)
try:
    pattern = re.compile(asked["pattern"], re.IGNORECASE | re.MULTILINE)
except (re.error, OverflowError, RecursionError):
    sys.exit(3)
json.dump([key for key, text in asked["texts"] if pattern.search(text)], sys.stdout)
"""
_INVALID = 3


class InvalidPattern(DomainError):
    """A pattern that is none, or that takes too long."""

    type = "invalid_pattern"


def specs_matching(query: Select[Spec], pattern: str, *, limit: int, skip: int) -> tuple[list[Spec], int]:
    """Return a part of the specs whose input holds a case-insensitive pattern, and how many do."""
    rows = session.execute(query.with_only_columns(Spec.id, Spec.input)).all()
    let_go()
    found = _matching(pattern, [(row.id, row.input) for row in rows])
    wanted = found[skip : skip + limit]
    specs = session.scalars(query.where(Spec.id.in_(wanted))).unique().all() if wanted else []
    return list(specs), len(found)


def _matching(pattern: str, texts: Sequence[tuple[str, str]]) -> list[str]:
    if len(pattern) > LONGEST_PATTERN:
        raise InvalidPattern(f"A pattern may have {LONGEST_PATTERN} characters.")
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", _MATCH],
            input=json.dumps({"pattern": pattern, "texts": texts}),
            capture_output=True,
            text=True,
            env={},
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise InvalidPattern("This pattern takes too long. Ask for something simpler.") from None
    if done.returncode == _INVALID:
        raise InvalidPattern("This is no regular expression. Escape its signs, or ask for plain words.")
    found: list[str] = json.loads(done.stdout)
    return found
