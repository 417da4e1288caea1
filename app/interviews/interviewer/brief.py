"""What a request already says, so that nobody is asked for it again."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from app.core.gherkin import one_line
from app.interviews.interviewer.app_outline import AppOutline, Element, Page
from app.interviews.interviewer.wording import clause, sentences

_QUOTE = re.compile(
    r"“([^“”]{1,400})”|„([^“”„]{1,400})[“”]|«\s?([^«»]{1,400}?)\s?»|‘([^‘’]{2,400})’(?!\w)"
    r"|\"([^\"\n]{1,400})\"|`([^`\n]{1,400})`|(?<!\w)'([^'\n]{2,400})'(?!\w)"
)
_HOME = re.compile(
    r"\b(?:home ?-?page|start ?-?page|front page|landing page|main page|homepage|startseite)\b", re.I
)
_EVERYWHERE = re.compile(
    r"\b(?:every|all|each) (?:of the )?(?:pages?|screens?)\b|\b(?:site|app)[- ]?wide\b|\beverywhere\b", re.I
)
_NEW_PAGE = re.compile(
    r"\b(?:new|separate|own|extra|additional) (?:\w+ )?page\b|\badd an? [\w -]{0,40}\bpage\b(?! (?:title|number))",
    re.I,
)
_TYPO = re.compile(r"\btypos?\b|\bmis-?spell\w*|\bspelling\b|\bmisspelt\b", re.I)
_CHANGES = {
    "remove": r"\b(?:remove|delete|drop|hide|get rid of|take (?:out|away|down|off))\b",
    "words": r"\b(?:texts?|wording|words?|typos?|spelling|rename|rewrite|rephrase|says?|phone number|e-?mail address"
    r"|address|opening (?:hours|times)|hours|prices?|translat\w*|copy|headline|tagline|slogan)\b",
    "look": r"\b(?:colou?rs?|fonts?|size|bigger|smaller|larger|wider|narrower|dark(?:er)?|light(?:er)?|bold|styl\w+|looks?"
    r"|design|layout|align\w*|spac\w+|margins?|padding|images?|logo|pictures?|photos?|icons?|responsive|animat\w+|contrast"
    r"|theme|green|red|blue|yellow|orange|purple|pink|black|white|gr[ea]y|brown)\b",
    "works": r"\b(?:sort\w*|filter\w*|faster|slow\w*|load\w*|click\w*|press\w*|submit\w*|validat\w+|remember\w*|sav(?:e|es|ed|ing)"
    r"|sends?|redirect\w*|search\w*|defaults?|automatic\w*|notif\w+|export\w*|import\w*|confirm\w*|keyboard|autocomplete)\b",
}
_NEEDS = {
    "send": r"\b(?:forms?|sign[- ]?up|subscri\w+|newsletter|book(?:ing)?|reserv\w+|regist\w+|upload\w*|comments?|orders?|survey"
    r"|poll|vote|feedback|rsvp|apply|application|log ?in|sign ?in|checkout|pay(?:ment)?)\b",
    "find": r"\b(?:search\w*|filter\w*|find|sort(?:ing|ed|able)?)\b",
    "press": r"\b(?:button|downloads?|export\w*|prints?|printable|share|copy to|toggle|switch|dark mode|calculat\w+|play)\b",
    "read": r"\b(?:list|section|galler\w+|maps?|banner|tables?|photos?|pictures?|images?|videos?|logo|opening (?:hours|times)"
    r"|texts?|info\w*|faq|page|footer|news|team|prices?|testimonials?|quotes?|calendar|timeline|notice|links?|address)\b",
}
_LOOK_SAID = re.compile(
    r"\b(?:bigger|smaller|larger|darker|lighter|bold|green|red|blue|yellow|orange|purple|pink|black|white|gr[ea]y|brown"
    r"|dark mode|#[0-9a-f]{3,8}|\d+ ?px|centred|centered|rounded|left-aligned|right-aligned)\b",
    re.I,
)
_DEVICES = {
    "phone": r"\b(?:phones?|mobile|iphone|android|smartphone|handy)\b",
    "tablet": r"\b(?:tablet|ipad)\b",
    "computer": r"\b(?:computer|desktop|laptop|macbook|windows pc)\b",
}
_OFTEN = {
    "always": r"\b(?:always|every time|each time|everytime|all the time|constantly|never works?)\b",
    "sometimes": r"\b(?:sometimes|occasionally|now and then|at times|randomly|intermittent\w*|not always|once in a while)\b",
    "once": r"\b(?:only once|just once|one time|happened once)\b",
}
_SHOULD = re.compile(
    r"\b(?:should|must|ought to|instead|expect\w*|supposed to|needs? to|has to|have to)\b", re.I
)
_TROUBLE = re.compile(
    r"\b(?:nothing happens|does nothing|do nothing|does ?n[o'’]?t|do ?n[o'’]t|did ?n[o'’]t|is ?n[o'’]t|are ?n[o'’]t|can ?n[o'’]t|cannot"
    r"|wo n[o'’]t|won['’]t|errors?|broken|breaks?|fail\w*|crash\w*|404|500|50[234]|wrong|missing|empty|blank|cut off|overlap\w*"
    r"|slow|stuck|twice|freez\w+|hangs?|disappear\w*|unreadable|bug|lost|stays?|keeps?|instead of)\b",
    re.I,
)
_SHOW_TROUBLE = re.compile(
    r"\b(?:blank|404|50\d|not load|n['’]t load|not open|n['’]t open|white page|cut off|overlap\w*|layout|missing)\b",
    re.I,
)
_PRESSING = re.compile(r"\b(?:press\w*|click\w*|tap\w*|hit|hitting|submit\w*|push\w*|button|send\w*)\b", re.I)
_WHEN_I = re.compile(
    r"\b(?:when|if|after|as soon as|whenever|once) (?:i|you|we|they|people|visitors|users|someone|somebody) ([^,.;!?\n]{3,120}),",
    re.I,
)
_AREAS = {
    "packages": r"\b(?:upgrad\w+|dependenc\w+|packages?|librar\w+|version|node|python|flask|django|react|vite|npm|pip)\b",
    "docs": r"\b(?:readme|documentation|docs|changelog|licen[cs]e)\b",
    "tests": r"\b(?:tests?|ci|lint\w*|coverage)\b",
    "styles": r"\b(?:css|styles?|stylesheet)\b",
    "tidy": r"\b(?:clean ?-?up|tidy|refactor\w*|unused|dead code|restructure|reorgani[sz]e|rename)\b",
}
_COMMON = frozenset(
    "the a an and or of to in on for with at by from is are be it this that my our your we i you please add change make "
    "new page site website app should can not".split()
)


@dataclass(frozen=True)
class Brief:
    """A request as it was filed; the words are its author's and are never trusted as ours."""

    title: str
    description: str = ""
    type: str = "feature"
    priority: str = "medium"

    @property
    def text(self) -> str:
        return f"{self.title}\n{self.description[:20_000]}"


@dataclass(frozen=True)
class Said:
    """What was found in a brief: fact id → (choice id or words)."""

    facts: dict[str, str] = field(default_factory=dict)
    page: Page | None = None
    element: Element | None = None
    old: str = ""

    def __contains__(self, fact: str) -> bool:
        return fact in self.facts


def words_of(text: str) -> set[str]:
    """The words that tell texts apart, roughly without their endings."""
    found = {word for word in re.findall(r"\w+", text.casefold()) if len(word) > 2 and word not in _COMMON}
    return {re.sub(r"(?:ies|es|s|ing|ed)$", "", word) or word for word in found}


def quotes_in(text: str) -> list[str]:
    """What stands in quotation marks of any kind."""
    return [one_line(next(filter(None, match.groups()), "")) for match in _QUOTE.finditer(text)]


def is_typo(brief: Brief) -> bool:
    return _TYPO.search(brief.text) is not None


def already_said(brief: Brief, outline: AppOutline) -> Said:
    """Everything the title and description answer by themselves."""
    element = _element_in(brief, outline)
    old, new = _wording(brief, outline)
    page = _page_in(brief, outline) or _page_of(element, old, outline)
    facts = dict(_page_fact(brief, outline, page))
    if element is not None:
        facts["element"] = element.id
    if brief.type == "chore":
        facts |= _first(_AREAS, brief, "area")
    elif brief.type == "bug" and not is_typo(brief):
        facts |= _trouble(brief, element)
    elif brief.type == "feature":
        facts |= _wanted(brief)
    else:
        facts |= _changed(brief, new)
    if new and brief.type != "bug" or is_typo(brief) and new:
        facts["words"] = facts["content"] = new
    return Said(facts, page, element, old)


def _page_fact(brief: Brief, outline: AppOutline, page: Page | None) -> Iterable[tuple[str, str]]:
    if page is not None:
        yield "page", page.id
    elif _EVERYWHERE.search(brief.text):
        yield "page", "every_page"
    elif brief.type == "feature" and _NEW_PAGE.search(brief.text):
        yield "page", "new_page"
    elif len(outline.pages) == 1:
        yield "page", outline.pages[0].id


def _page_in(brief: Brief, outline: AppOutline) -> Page | None:
    text = brief.text
    new_page = brief.type == "feature" and _NEW_PAGE.search(text)
    for page in outline.pages:
        stem = re.escape(page.file.rsplit("/", 1)[-1])
        name, path = re.escape(page.name), re.escape(page.path)
        named = (
            rf"(?<!\w){name}['’\"”]?\s+(?:page|screen|view|tab)\b|\b(?:page|screen)\s+['‘\"“]?{name}(?!\w)"
        )
        exact = rf"(?<![\w/]){path}(?![\w/])" if len(page.path) > 1 else r"$^"
        if re.search(rf"{named}|(?<!\w){stem}(?!\w)|{exact}", text, re.IGNORECASE):
            return page
    if _HOME.search(text) and not new_page:
        return outline.home
    named_alone = [
        page
        for page in outline.pages
        if page.path != "/"
        and re.search(
            rf"\b(?:on|in|under|at|from|to) (?:the |our )?['‘\"“]?{re.escape(page.name)}['’\"”]?(?=\s*(?:[.,;:!?)\n]|$))",
            text,
            re.I,
        )
    ]
    return named_alone[0] if len(named_alone) == 1 and not new_page else None


def _page_of(element: Element | None, old: str, outline: AppOutline) -> Page | None:
    """The one page that has what was named."""
    if element is not None:
        having = [
            page for page in outline.pages if any(each.text == element.text for each in page.elements())
        ]
        return having[0] if len(having) == 1 and not element.shared else None
    having = [page for page in outline.pages if old and old.casefold() in page.text.casefold()]
    return having[0] if len(having) == 1 else None


def _element_in(brief: Brief, outline: AppOutline) -> Element | None:
    text, said = brief.text.casefold(), {quote.casefold() for quote in quotes_in(brief.text)}
    best: tuple[int, Element] | None = None
    for page in [*outline.pages, *outline.parts]:
        for element in page.elements():
            words = element.text.casefold()
            pattern = rf"(?<!\w){re.escape(words)}(?!\w)"
            kind = {"button": "button", "link": "link", "form": "form"}.get(
                element.kind, "(?:heading|section|part|title|headline|block)"
            )
            if element.kind == "image":
                kind = "(?:image|picture|photo|logo)"
            named = re.search(
                rf"{pattern}['’\"”]?\s+{kind}|{kind}\s+(?:called |named )?['‘\"“]?{pattern}", text
            )
            long = len(words.split()) > 1 and re.search(pattern, text)
            if (words in said or named or long) and (best is None or len(words) > best[0]):
                best = (len(words), element)
    return best[1] if best else None


def _wording(brief: Brief, outline: AppOutline) -> tuple[str, str]:
    """The old and the new words, where they are quoted: what the app shows already is the old."""
    quotes = list(dict.fromkeys(quotes_in(brief.text)))
    shown = [quote for quote in quotes if _is_shown(quote, outline)]
    fresh = [quote for quote in quotes if quote not in shown]
    if len(quotes) > 1 and not shown:
        swapped = re.search(r"instead of\s*[\"'“‘„«`]", brief.text)
        return (quotes[1], quotes[0]) if swapped else (quotes[0], quotes[1])
    return (shown[0] if shown else ""), (fresh[-1] if fresh else "")


def _is_shown(quote: str, outline: AppOutline) -> bool:
    return (
        bool(outline.files_with(quote))
        or outline.page_at(quote) is not None
        or any(quote.casefold() in {page.name.casefold(), page.title.casefold()} for page in outline.pages)
    )


def _first(table: dict[str, str], brief: Brief, fact: str) -> dict[str, str]:
    """The choice that the title names, else the only one that the description names."""
    for text in (brief.title, brief.description):
        found = [choice for choice, pattern in table.items() if re.search(pattern, text, re.IGNORECASE)]
        if found and (text is brief.title or len(found) == 1):
            return {fact: found[0]}
    return {}


def _wanted(brief: Brief) -> dict[str, str]:
    facts = _first(_NEEDS, brief, "need")
    if len(brief.description.split()) >= 20:
        facts["content"] = "as_described"
    if facts.get("need") in {"find", "press", "send"} and (
        said := _sentence(brief, _SHOULD, brief.description)
    ):
        facts["outcome"] = clause(said)
    return facts


def _changed(brief: Brief, new: str) -> dict[str, str]:
    facts = {"change": "words"} if is_typo(brief) else _first(_CHANGES, brief, "change")
    if not facts and new:
        facts = {"change": "words"}
    if facts.get("change") == "look" and (said := _sentence(brief, _LOOK_SAID, brief.text)):
        facts["look"] = said
    if facts.get("change") == "works" and (said := _sentence(brief, _SHOULD, brief.text)):
        facts["expected"] = clause(said)
    return facts


def _trouble(brief: Brief, element: Element | None) -> dict[str, str]:
    facts = _first(_DEVICES, brief, "device") | _first(_OFTEN, brief, "often")
    expected = _sentence(brief, _SHOULD, brief.text)
    if expected and not (
        _TROUBLE.search(expected) and not re.search(r"\bshould|\bmust|\bexpect", expected, re.I)
    ):
        facts["expected"] = clause(expected)
    actual = next((each for each in sentences(brief.text) if _TROUBLE.search(each) and each != expected), "")
    if actual:
        facts["actual"] = clause(actual)
    if element is not None and element.kind in {"button", "link", "form"} and _PRESSING.search(brief.text):
        facts["action"] = element.id
    elif (deed := _WHEN_I.search(brief.text)) is not None:
        facts["action"] = re.sub(r"\bmy\b", "their", one_line(deed[1], 120))
    elif actual and _SHOW_TROUBLE.search(actual) and not _PRESSING.search(brief.text):
        facts["action"] = "open"
    return facts


def _sentence(brief: Brief, pattern: re.Pattern[str], text: str) -> str:
    return next((each for each in sentences(text) if pattern.search(each)), "")
