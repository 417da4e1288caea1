"""The pages that were read for a spec: which of their sentences its stories touch."""

import re
from collections.abc import Sequence

from app.specs.document import Page, Source, Story, Tie
from app.specs.writer.reading import sentences
from app.specs.writer.words import SMALL, base, is_verb, singular

MOST_SENTENCES, MOST_TIES = 500, 5
_ENOUGH = 2  # words in common; one alone is found in any page


def sources_of(pages: Sequence[Page], stories: Sequence[Story]) -> list[Source]:
    """Return each page that was read, with the sentences that have something to do with a story."""
    wants = {story.id: _telling(story.want) for story in stories}
    return [
        Source(url=page.url, title=page.title, ties=_ties(page.text, wants)) for page in pages if page.text
    ]


def _ties(text: str, wants: dict[str, set[str]]) -> list[Tie]:
    found: list[Tie] = []
    for sentence in sentences(text)[:MOST_SENTENCES]:
        words = _telling(sentence)
        touching = [story for story, wanted in wants.items() if len(words & wanted) >= _ENOUGH]
        if touching and len(found) < MOST_TIES:
            found.append(Tie(quote=sentence, stories=touching))
    return found


def _telling(text: str) -> set[str]:
    """Return the words of a text that mean something, nouns in the singular, verbs in their plain form."""
    words = re.findall(r"[^\W\d_][\w'-]{2,}", text.lower())
    return {base(word) if is_verb(word) else singular(word) for word in words if word not in SMALL}
