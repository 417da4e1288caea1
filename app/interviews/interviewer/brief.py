"""What a request already says, so that nobody is asked for it again."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from app.core.gherkin import one_line
from app.interviews.interviewer import patterns
from app.interviews.interviewer.app_outline import AppOutline, Element, Page
from app.interviews.interviewer.wording import clause, deed_in, sentences, without_asking

LONGEST_READ = 20_000
_USED = frozenset({"button", "link", "form"})
_ONE_SENTENCE = 80
"""Characters between two quotations that belong to each other."""
_TELLS_ENOUGH = 20
"""Words from which on a description says itself what is to be shown."""


@dataclass(frozen=True)
class Brief:
    """A request as it was filed; the words are its author's and are never trusted as ours."""

    title: str
    description: str = ""
    type: str = "feature"
    priority: str = "medium"

    @property
    def text(self) -> str:
        return f"{self.title}\n{self.description[:LONGEST_READ]}"


@dataclass(frozen=True)
class Said:
    """What was found in a brief: fact id → (choice id or words)."""

    facts: dict[str, str] = field(default_factory=dict)
    element: Element | None = None
    old: str = ""


def words_of(text: str) -> set[str]:
    """The words that tell texts apart, roughly without their endings."""
    found = {
        word for word in re.findall(r"\w+", text.casefold()) if len(word) > 1 and word not in patterns.COMMON
    }
    return {re.sub(r"(?:ies|es|s|ing|ed)$", "", word) or word for word in found}


def is_about_words(brief: Brief) -> bool:
    """Whether a bug is a text that is wrong, which is asked about as a text and not as a fault."""
    outdated = patterns.OUTDATED.search(brief.text) and patterns.WORDS.search(brief.text)
    return bool(patterns.TYPO.search(brief.text) or outdated)


def already_said(brief: Brief, outline: AppOutline) -> Said:
    """Everything the title and description answer by themselves."""
    old, new = _wording(brief, outline)
    pages = _pages_in(brief, outline)
    element = _element_in(brief, outline, pages)
    page = pages[0] if len(pages) == 1 else None if pages else _page_of(element, old, outline)
    if brief.type == "bug" and element is not None and element.kind in _USED:
        # Where something is used is where it fails; another page that is named may be where it leads.
        page = _page_of(element, old, outline) or page
    facts = dict(_page_fact(brief, outline, page)) | _first(patterns.PLACES, brief, "place")
    if element is not None:
        facts["element"] = element.id
    if brief.type == "chore":
        return Said(facts | _upkeep(brief), element, old)
    if brief.type == "bug" and not is_about_words(brief):
        return Said(facts | _trouble(brief, element), element, old)
    facts |= _wanted(brief) if brief.type == "feature" else _changed(brief, new, element)
    if not new and facts.get("change") == "words":
        new = _stated(brief)
    if new:
        facts["words"] = facts["content"] = new
    if old and facts.get("change") == "words":
        facts.setdefault("element", old)
    return Said(facts, element, old)


def _page_fact(brief: Brief, outline: AppOutline, page: Page | None) -> Iterable[tuple[str, str]]:
    if page is not None:
        yield "page", page.id
    elif patterns.EVERYWHERE.search(brief.text):
        yield "page", "every_page"
    elif brief.type == "feature" and patterns.NEW_PAGE.search(brief.text):
        yield "page", "new_page"
    elif len(outline.pages) == 1:
        yield "page", outline.pages[0].id
    elif (
        brief.type == "feature"
        and outline.menu
        and re.search(patterns.PLACES["menu"], brief.text, re.IGNORECASE)
    ):
        yield "page", "every_page"


def _pages_in(brief: Brief, outline: AppOutline) -> list[Page]:
    """The pages that are named as pages, so that `about` alone does not count as the page About."""
    if brief.type == "feature" and patterns.NEW_PAGE.search(brief.text):
        return []
    found = [page for page in outline.pages if re.search(_named_as_page(page), brief.text, re.IGNORECASE)]
    if patterns.HOME.search(brief.text) and outline.home is not None and outline.home not in found:
        found.insert(0, outline.home)
    return found


def _named_as_page(page: Page) -> str:
    name, file = re.escape(page.name), re.escape(page.file.rsplit("/", 1)[-1])
    quote = "['\"\u2018\u2019\u201c\u201d]?"
    ways = [
        rf"(?<!\w){name}{quote}\s+(?:page|screen|view|tab)\b",
        rf"\b(?:page|screen)\s+{quote}{name}(?!\w)",
        rf"(?<!\w){file}(?!\w)",
    ]
    if len(page.path) > 1:
        ways.append(rf"(?<![\w/]){re.escape(page.path)}(?![\w/])")
        ways.append(rf"\b(?:on|in|under|at) (?:the |our )?{quote}{name}{quote}(?=\s*(?:[.,;:!?)\n]|$))")
    return "|".join(ways)


def _page_of(element: Element | None, old: str, outline: AppOutline) -> Page | None:
    """The one page that has what was named."""
    if element is not None:
        having = [
            page for page in outline.pages if any(each.text == element.text for each in page.elements())
        ]
    else:
        having = [page for page in outline.pages if old and old.casefold() in page.text.casefold()]
    return having[0] if len(having) == 1 else None


def _element_in(brief: Brief, outline: AppOutline, pages: list[Page]) -> Element | None:
    """The one part of the app that is named: by its words, or as the only one of its kind."""
    text, words = brief.text.casefold(), words_of(brief.text)
    quotes = {quote.casefold() for quote in quotes_in(brief.text)}
    near_pages = outline.pages if brief.type == "bug" else pages or outline.pages
    everything = [each for page in [*near_pages, *outline.parts] for each in page.elements()]
    named = [each for each in everything if _is_named(each, text, quotes)]
    if named:
        return max(named, key=lambda each: len(each.text))
    for kind, called in patterns.KINDS.items():
        alike = {each.text.casefold(): each for each in everything if each.kind == kind}
        near = [each for each in alike.values() if words_of(each.text) and words_of(each.text) <= words]
        near = near or (list(alike.values()) if kind == "form" else [])
        if len(near) == 1 and re.search(rf"\b{called}\b", text) and brief.type != "feature":
            return near[0]
    return None


def _is_named(element: Element, text: str, quotes: set[str]) -> bool:
    words, kind = element.text.casefold(), patterns.KINDS[element.kind]
    exact = rf"(?<!\w){re.escape(words)}(?!\w)"
    beside = rf"{exact}\W{{0,2}}\s+{kind}\b|\b{kind}\s+(?:called |named )?\W?{exact}"
    return words in quotes or bool(re.search(exact if len(words.split()) > 1 else beside, text))


def quotes_in(text: str) -> list[str]:
    """What stands in quotation marks of any kind."""
    return [one_line(next(filter(None, match.groups()), "")) for match in patterns.QUOTE.finditer(text)]


def _wording(brief: Brief, outline: AppOutline) -> tuple[str, str]:
    """The old and the new words where they are quoted; unless told, the old is what the app shows."""
    found = list(patterns.QUOTE.finditer(brief.text))
    quotes = [one_line(next(filter(None, match.groups()), "")) for match in found]
    for first, second, old, new in zip(found, found[1:], quotes, quotes[1:], strict=False):
        between = brief.text[first.end() : second.start()]
        if len(between) < _ONE_SENTENCE and patterns.INSTEAD.search(between):
            return new, old
        if len(between) < _ONE_SENTENCE and patterns.BECOMES.search(between):
            return old, new
    shown = [quote for quote in quotes if _is_shown(quote, outline)]
    fresh = [quote for quote in quotes if quote not in shown]
    return (shown[0] if shown else ""), (fresh[-1] if fresh else "")


def _stated(brief: Brief) -> str:
    """The new words where they are told without quotation marks: `The number is now 030 12`."""
    for each in sentences(brief.text):
        if (told := patterns.STATED.search(each.rstrip(" .!"))) is not None:
            return one_line(told["words"] or told["figure"])
    return ""


def _is_shown(quote: str, outline: AppOutline) -> bool:
    names = {name.casefold() for page in outline.pages for name in (page.name, page.title, page.path)}
    return quote.casefold() in names or bool(outline.files_with(quote))


def _first(table: dict[str, str], brief: Brief, fact: str) -> dict[str, str]:
    """The choice that the title names, else the only one that the description names."""
    title, description = without_asking(brief.title), brief.description[:LONGEST_READ]
    in_title = [choice for choice, pattern in table.items() if re.search(pattern, title, re.IGNORECASE)]
    if in_title:
        return {fact: in_title[0]}
    found = [choice for choice, pattern in table.items() if re.search(pattern, description, re.IGNORECASE)]
    return {fact: found[0]} if len(found) == 1 else {}


def _upkeep(brief: Brief) -> dict[str, str]:
    facts = _first(patterns.AREAS, brief, "area")
    if facts.get("area") == "packages" and patterns.VERSION.search(brief.title):
        facts["done"] = "as_titled"
    return facts


def _wanted(brief: Brief) -> dict[str, str]:
    facts = _first(patterns.NEEDS, brief, "need")
    if len(brief.description.split()) >= _TELLS_ENOUGH:
        facts["content"] = "as_described"
    said = _sentence(patterns.SHOULD, brief.description[:LONGEST_READ])
    if said and facts.get("need") in {"find", "press"}:
        facts["outcome"] = clause(said)
    return facts


def _changed(brief: Brief, new: str, element: Element | None) -> dict[str, str]:
    facts = {"change": "words"} if brief.type == "bug" else _first(patterns.CHANGES, brief, "change")
    change = facts.get("change", "")
    if new and change in {"", "look", "works"} and not patterns.LOOK_SAID.search(brief.title):
        return {"change": "words"}
    if change == "look" and (said := _sentence(patterns.LOOK_SAID, brief.text)):
        facts["look"] = said
    if change == "move" and (to := patterns.BESIDE.search(brief.title.rstrip(" .!"))) is not None:
        facts["place"] = one_line(to[0], 160)
    if change == "works":
        facts |= _worked(brief, element)
    return facts


def _worked(brief: Brief, element: Element | None) -> dict[str, str]:
    facts = {}
    if said := _sentence(patterns.SHOULD, brief.text):
        facts["expected"] = clause(said)
    if element is not None and element.kind in _USED:
        facts["action"] = element.id
    elif deed_in(brief.title) or patterns.SLOW.search(brief.text):
        facts["action"] = "open"
    return facts


def _trouble(brief: Brief, element: Element | None) -> dict[str, str]:
    facts = _first(patterns.DEVICES, brief, "device") | _first(patterns.OFTEN, brief, "often")
    expected = _sentence(patterns.MUST_BE, brief.text)
    if expected:
        facts["expected"] = clause(expected)
    if actual := _what_happens(brief, expected):
        facts["actual"] = clause(actual)
    if patterns.LAYOUT.search(actual):
        facts.setdefault("often", "always")
    pressing = patterns.PRESSING.search(brief.text)
    if element is not None and element.kind in _USED and pressing:
        facts["action"] = element.id
    elif (deed := patterns.WHEN_THEY.search(brief.text)) is not None:
        facts["action"] = one_line(deed[1], 120)
    elif patterns.MENU.search(brief.title):
        facts["action"] = "menu"
    elif patterns.SEEN_ON_OPENING.search(actual) and not pressing:
        facts["action"] = "open"
    return facts


def _what_happens(brief: Brief, expected: str) -> str:
    """The sentence that tells the trouble; `it does not work` tells nothing."""
    for each in sentences(brief.text):
        if each != expected and patterns.TROUBLE.search(patterns.VAGUE.sub(" ", each)):
            return each
    return ""


def _sentence(pattern: re.Pattern[str], text: str) -> str:
    return next((each for each in sentences(text) if pattern.search(each)), "")
