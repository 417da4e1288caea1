"""The outline as a page of the app itself: what would change, criterion by criterion."""

from html import escape
from pathlib import PurePosixPath
from urllib.parse import quote

from app.core.gherkin import ParsedScenario, one_line
from app.core.markdown import WITHIN, as_html
from app.integrations.coding_agent.assignment import Assignment
from app.integrations.coding_agent.served_folder import ServedFolder

_STYLE = """
    .outline-label { margin: 0; padding: .6rem 1rem; background: #fff4ce; color: #3d2e00; }
    .outline-label { text-align: center; }
    .outline { box-sizing: border-box; max-width: 44rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
    .outline { overflow-wrap: anywhere; }
    .outline section { margin: 2rem 0; padding: 1rem 1.25rem; border: 2px dashed; border-radius: .5rem; }
    .outline blockquote { margin: 1rem 0; padding-left: 1rem; border-left: 4px solid; }
    .outline blockquote { white-space: pre-line; }
    .outline-asked { margin: 1rem 0; padding-left: 1rem; border-left: 4px solid; }
    .outline-asked blockquote { white-space: normal; }"""
_LABEL = (
    '<aside class="outline-label" aria-label="Outline"><strong>Outline: not the finished change.</strong> '
    "Nothing here is built yet.</aside>"
)
_ALONE = """
    body { margin: 0; font: 1rem/1.6 system-ui, sans-serif; }"""


def outline_page(assignment: Assignment, scenarios: list[ParsedScenario], folder: ServedFolder) -> str:
    """A whole page, in the site's own look where it has one, labelled as an outline."""
    title = _text(assignment.title, 200) or "A request without a title"
    styles = "".join(f'\n  <link rel="stylesheet" href="{_address(style)}">' for style in folder.styles)
    sections = "".join(_section(each, at) for at, each in enumerate(scenarios, 1)) or _nothing()
    asked = f"Request {assignment.request_number} of {_text(assignment.requester_name, 80) or 'somebody'}"
    return f"""<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="robots" content="noindex">
  <link rel="icon" href="data:,">
  <title>Outline: {title}</title>{styles}
  <style>{_STYLE}{"" if styles else _ALONE}
  </style>
</head>
<body>
  {_LABEL}
  <main class="outline">
    <h1>{title}</h1>
    <p>{asked}, round {assignment.round}.</p>{_described(assignment.description)}
    <h2>What would change</h2>{sections}{_since(assignment)}{_pages(folder)}
  </main>
</body>
</html>
"""


def _text(text: str, limit: int = 500) -> str:
    return escape(one_line(text, limit))


def _described(text: str) -> str:
    """What was asked, as its writer meant it to look; headings and pictures would be the page's own."""
    shown = as_html(text[:4_000], tags=WITHIN).strip()
    return f'\n    <div class="outline-asked">{shown}</div>' if shown else ""


def _quoted(text: str) -> str:
    lines = "\n".join(filter(None, (_text(line) for line in text[:4_000].splitlines()[:40])))
    return f"\n    <blockquote>{lines}</blockquote>" if lines else ""


def _section(scenario: ParsedScenario, at: int) -> str:
    steps = "".join(
        f"\n        <li>{_text(str(step))}{_details(step.details)}</li>" for step in scenario.steps
    )
    listed = f"\n      <ul>{steps}\n      </ul>" if steps else ""
    return f"""
    <section aria-labelledby="change-{at}">
      <h3 id="change-{at}">{_text(scenario.name) or "Without a name"}</h3>{listed}
    </section>"""


def _details(details: list[str]) -> str:
    return "".join(f"<br>{_text(each)}" for each in details if each.strip())


def _nothing() -> str:
    return "\n    <p>There are no criteria yet.</p>"


def _since(assignment: Assignment) -> str:
    if not assignment.feedback:
        return ""
    rounds = "".join(_quoted(text) for text in assignment.feedback)
    return f"\n    <h2>Asked for since</h2>{rounds}"


def _pages(folder: ServedFolder) -> str:
    if not folder.pages:
        return ""
    named = [
        (_address(path), _text(title, 80) or _text(PurePosixPath(path).stem, 80))
        for path, title in folder.pages
    ]
    links = "".join(f'\n        <li><a href="{address}">{name}</a></li>' for address, name in named)
    return f"""
    <h2>The site as it is</h2>
    <nav aria-label="The site as it is">
      <ul>{links}
      </ul>
    </nav>"""


def _address(path: str) -> str:
    """A file of the site, from the folder that the outline lies in."""
    return escape(path if path.startswith("/") else f"../{quote(path, safe='/%?=&-._~')}")
