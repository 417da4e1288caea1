"""The words that tell what a request is about; English, and silent where a request is in another language."""
# ruff: noqa: RUF001 (typographic quotation marks and apostrophes are what people type)

import re

_NOT = r"n[o'’]?t"

QUOTE = re.compile(
    r"“([^“”]{1,400})”|„([^“”„]{1,400})[“”]|«\s?([^«»]{1,400}?)\s?»|‘([^‘’]{2,400})’(?!\w)"
    r"|\"([^\"\n]{1,400})\"|`([^`\n]{1,400})`|(?<!\w)'([^'\n]{2,400})'(?!\w)"
)
BECOMES = re.compile(
    r"\b(?:to|with|by|into|becomes?|(?:should|must) (?:be|say|read)|it should)\b|→|->|=>", re.IGNORECASE
)
STATED = re.compile(
    r"\b(?:is now|(?:should|must|to) (?:say|read)|now (?:says?|reads?)"
    r"|(?:change|rename|update|set|replace|translate)\b.{1,80}?\b(?:to|with|by"
    r"|into))\s*:?\s+(?P<words>.{2,160})$"
    r"|\b(?:should|must) be\s*:?\s+(?P<figure>[^ ]{0,40}\d.{0,60})$",
    re.IGNORECASE,
)
INSTEAD = re.compile(r"\b(?:instead of|rather than|not|in place of)\b", re.IGNORECASE)

HOME = re.compile(
    r"\b(?:home ?-?page|start ?-?page|front page|landing page|main page|startseite)\b", re.IGNORECASE
)
EVERYWHERE = re.compile(
    r"\b(?:every|all|each) (?:of the |the |our )?(?:pages?|screens?)\b|\b(?:site|app)[- ]?wide\b"
    r"|\beverywhere\b"
    r"|\bdark mode\b|\b(?:whole|entire) (?:site|app|website)\b|\bmake (?:the|our) (?:site|app|website)\b",
    re.IGNORECASE,
)
NEW_PAGE = re.compile(
    r"\b(?:new|separate|own|extra|additional) (?:\w+ )?page\b"
    r"|\badd an? (?:(?!to |on |in |for |from |at |the )[\w-]+ ){0,3}page\b(?! (?:title|number))",
    re.IGNORECASE,
)
PLACES = {
    "top": r"\b(?:at|to|on) (?:the )?(?:very )?top\b",
    "bottom": r"\b(?:at|to) (?:the )?(?:very )?bottom\b|\bfooter\b",
    "menu": r"\b(?:in|to|into) (?:the )?(?:main )?(?:menu|navigation|nav(?: ?bar)?)\b",
}

TYPO = re.compile(r"\btypos?\b|\bmis-?spel\w*|\bspelling\b", re.IGNORECASE)
OUTDATED = re.compile(
    r"\b(?:wrong|incorrect|outdated|out of date|no longer (?:true|valid|correct|right)|old)\b", re.IGNORECASE
)
_WORDS = (
    r"texts?|wording|words?|typos?|spelling|rename|rewrite|rephrase|says?|phone number"
    r"|e-?mail address|address"
    r"|opening (?:hours|times)|hours|prices?|translat\w*|copy|headline|tagline|slogan"
)
WORDS = re.compile(rf"\b(?:{_WORDS})\b", re.IGNORECASE)
CHANGES = {
    "remove": r"^(?:remove|get rid of"
    r"|(?:delete|drop|hide|take (?:out|away|down|off))\s+(?:the|our|my|this|that|these|those|all|old))\b"
    r"|\b(?:should|must|can) (?:be removed|go away|disappear|be gone)\b",
    "move": r"\b(?:move|reorder|swap|put .{1,60} (?:above|below|before|after|next to))\b",
    "words": rf"\b(?:{_WORDS})\b",
    "look": r"\b(?:colou?rs?|fonts?|size|bigger|smaller|larger|wider|narrower|dark(?:er)?"
    r"|light(?:er)?|bold|styl\w+"
    r"|looks?|design|layout|align\w*|spac\w+|margins?|padding|images?|logo|pictures?|photos?|icons?"
    r"|responsive"
    r"|animat\w+|contrast|theme|green|red|blue|yellow|orange|purple|pink|black|white|gr[ea]y|brown)\b",
    "works": r"\b(?:sort\w*|filter\w*|faster|slow\w*|load\w*|click\w*|press\w*|submit\w*|validat\w+"
    r"|remember\w*"
    r"|sav(?:e|es|ed|ing)|sends?|redirect\w*|search\w*|defaults?|automatic\w*|notif\w+|export\w*|import\w*"
    r"|confirm\w*|keyboard|autocomplete|opens?|links? to)\b",
}
NEEDS = {
    "send": r"\b(?:forms?|sign[- ]?up|subscri\w+|newsletter|book(?:ing)?|reserv\w+|regist\w+"
    r"|upload\w*|comments?|orders?"
    r"|survey|poll|vote|feedback|rsvp|apply|application|log ?in|sign ?in|checkout|pay(?:ment)?)\b",
    "find": r"\b(?:search\w*|filter\w*|find|sort(?:ing|ed|able)?)\b",
    "press": r"\b(?:button|downloads?|export\w*|prints?|printable|share|copy to|toggle|switch"
    r"|dark mode|calculat\w+"
    r"|play)\b",
    "read": r"\b(?:list|section|galler\w+|maps?|banner|tables?|photos?|pictures?|images?|videos?"
    r"|logo|info\w*|faq"
    r"|opening (?:hours|times)|texts?|page|footer|news|team|prices?|testimonials?|quotes?|calendar"
    r"|timeline|notice"
    r"|links?|address|show|display)\b",
}
LOOK_SAID = re.compile(
    r"\b(?:bigger|smaller|larger|darker|lighter|bold|green|red|blue|yellow|orange|purple|pink|black"
    r"|white|gr[ea]y"
    r"|brown|dark mode|\d+ ?px|cent(?:re|er)d|rounded|left-aligned|right-aligned)\b|#[0-9a-f]{3,8}\b",
    re.IGNORECASE,
)

_ON = r"\b(?:on|with|using|in|from) (?:(?:my|the|a|an|any|our|his|her|their|some) )?(?:\w+ )?"
DEVICES = {
    "phone": rf"{_ON}(?:phones?|mobile|smartphones?)\b(?! number)|\b(?:iphone|android)\b",
    "tablet": rf"{_ON}tablets?\b|\bipad\b",
    "computer": rf"{_ON}(?:computer|desktop|laptop|pc)\b|\b(?:macbook|windows pc)\b",
}
OFTEN = {
    "always": r"\b(?:always|every ?time|each time|all the time|constantly|never works?)\b",
    "sometimes": r"\b(?:sometimes|occasionally|now and then|at times|randomly|intermittent\w*|not always"
    r"|once in a while)\b",
    "once": r"\b(?:only once|just once|one time|happened once)\b",
}
SHOULD = re.compile(
    r"\b(?:should|must|ought to|instead|expect\w*|supposed to|needs? to|has to|have to)\b", re.IGNORECASE
)
MUST_BE = re.compile(r"\b(?:should|must|expect\w*|supposed to)\b", re.IGNORECASE)
TROUBLE = re.compile(
    rf"\b(?:nothing happens|does nothing|do nothing|does ?{_NOT}|do ?{_NOT}|did ?{_NOT}|is ?{_NOT}"
    rf"|are ?{_NOT}"
    rf"|can ?{_NOT}|cannot|wo ?{_NOT}|errors?|broken|breaks?|fail\w*|crash\w*|404|50\d|wrong"
    rf"|missing|empty|blank"
    r"|cut off|overlap\w*|slow\w*|stuck|twice|freez\w+|hangs?|disappear\w*|unreadable|bugs?|lost"
    r"|stays?|keeps?"
    r"|takes? (?:ages|forever|\d+|too \w+)|instead of|too \w+|(?:goes|leads?|lands?) (?:to|on))\b",
    re.IGNORECASE,
)
VAGUE = re.compile(
    rf"\b(?:broken|breaks?|(?:does|is|are|do) ?{_NOT} (?:work\w*|ok|right)|not working|bugs?"
    rf"|problems?|issues?"
    r"|fail\w*|(?:is|are|goes|went|seems|something|what) (?:\w+ )?wrong)\b",
    re.IGNORECASE,
)
SEEN_ON_OPENING = re.compile(
    r"\b(?:blank|empty|404|50\d|(?:not|n['’]t) (?:load|open|show)\w*|white page|cut off|overlap\w*"
    r"|layout|missing|slow\w*"
    r"|takes? (?:ages|forever|\d+|too long)|unreadable|too (?:small|big|dark|light))\b",
    re.IGNORECASE,
)
LAYOUT = re.compile(
    r"\b(?:too (?:small|big|large|wide|narrow|dark|light|close)|overlap\w*|cut off|unreadable|misaligned)\b",
    re.IGNORECASE,
)
SLOW = re.compile(r"\b(?:slow\w*|faster|speed|takes? (?:ages|forever|\d+|too long))\b", re.IGNORECASE)
PRESSING = re.compile(
    r"\b(?:press\w*|click\w*|tap\w*|hit|hitting|submit\w*|push\w*|buttons?|send\w*|forms?|links?)\b",
    re.IGNORECASE,
)
BESIDE = re.compile(r"\b(?:above|below|under|before|after|next to|beside|between)\s+.{2,80}$", re.IGNORECASE)
MENU = re.compile(r"\b(?:menu|navigation|nav ?bar|hamburger)\b", re.IGNORECASE)
WHEN_THEY = re.compile(
    r"\b(?:when|if|after|as soon as|whenever|once) (?:i|you|we|they|people|visitors|users|someone|somebody) "
    r"([^,.;!?\n]{3,120}),",
    re.IGNORECASE,
)

AREAS = {
    "packages": r"\b(?:upgrad\w+|dependenc\w+|packages?|librar\w+|version|node|python|flask|django"
    r"|react|vite|npm|pip)\b",
    "docs": r"\b(?:readme|documentation|docs|changelog|licen[cs]e)\b",
    "tests": r"\b(?:tests?|ci|lint\w*|coverage)\b",
    "styles": r"\b(?:css|styles?|stylesheet)\b",
    "tidy": r"\b(?:clean ?-?up|tidy|refactor\w*|unused|dead code|restructure|reorgani[sz]e|rename)\b",
}
VERSION = re.compile(r"\d+(?:\.\d+)+|\b(?:latest|newest)\b|\bv?\d+$", re.IGNORECASE)

KINDS = {
    "button": r"buttons?",
    "link": r"links?",
    "form": r"forms?",
    "image": r"(?:images?|pictures?|photos?|logo)",
    "heading": r"(?:headings?|sections?|parts?|titles?|headlines?|blocks?)",
}
"""How people call the kinds of things on a page."""

COMMON = frozenset(
    [
        *(
            "the",
            "a",
            "an",
            "and",
            "or",
            "of",
            "to",
            "in",
            "on",
            "for",
            "with",
            "at",
            "by",
            "from",
            "is",
            "are",
            "be",
        ),
        *(
            "it",
            "this",
            "that",
            "my",
            "our",
            "your",
            "we",
            "i",
            "you",
            "please",
            "add",
            "change",
            "make",
            "new",
            "page",
        ),
        *("site", "website", "app", "should", "can", "not", "about"),
    ]
)
