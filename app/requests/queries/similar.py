"""What was asked for already, in other words: open requests that resemble the one that is being written."""

from dataclasses import dataclass

from sqlalchemy import select

from app.core.db import session
from app.core.search import Words, owners_matching, read_words, words_in
from app.projects.models import Project
from app.requests.models import REQUEST, ProductRequest, RequestStatus
from app.requests.queries.visible import without_more

MOST = 5
_CANDIDATES = 40
_SHORT = 4  # letters; shorter words (the, for, und) tell nothing, unless there are no others
_HALF = 0.5


def similar_to(project: Project, title: str, most: int = MOST) -> list[ProductRequest]:
    """Return the open requests of a project that share at least half of a title's words, most alike first."""
    wanted = _telling(read_words(title))
    if not wanted.phrases:
        return []
    best = owners_matching(wanted, (REQUEST.kind,), together=False)
    query = (
        select(ProductRequest)
        .join(best, best.c.owner_id == ProductRequest.id)
        .where(
            ProductRequest.project_id == project.id,
            ProductRequest.status.not_in([RequestStatus.MERGED, RequestStatus.CANCELLED]),
        )
        .order_by(best.c.rank, ProductRequest.number.desc())
        .limit(_CANDIDATES)
    )
    found = [(_likeness(each, wanted), each) for each in session.scalars(without_more(query)).unique()]
    alike = sorted((pair for pair in found if pair[0].is_enough), key=lambda pair: pair[0], reverse=True)
    return [request for _, request in alike[:most]]


def _telling(words: Words) -> Words:
    telling = tuple(each for each in words.phrases if max(map(len, each.words)) >= _SHORT)
    return Words(telling or words.phrases)


@dataclass(frozen=True, order=True)
class _Likeness:
    """The shares of the words that a title holds, and the title with what is written below it."""

    in_title: float
    in_all: float

    @property
    def is_enough(self) -> bool:
        return self.in_all >= _HALF


def _likeness(request: ProductRequest, wanted: Words) -> _Likeness:
    title, below = set(words_in(request.title)), set(words_in(request.description))
    starts = [word for phrase in wanted.phrases for word in phrase.folded]
    return _Likeness(_share(starts, title), _share(starts, title | below))


def _share(starts: list[str], words: set[str]) -> float:
    return sum(any(word.startswith(start) for word in words) for start in starts) / len(starts)
