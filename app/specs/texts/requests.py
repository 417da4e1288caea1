"""A request as the text that a spec is written from, and its app as what is there already."""

from collections.abc import Sequence

from app.core.gherkin import ParsedScenario, scenarios_of
from app.interviews.interviewer import AppOutline, Page
from app.requests.models import ProductRequest

_MOST_PAGES, _MOST_NAMED, _MOST_FILES = 20, 8, 60


def text_of(request: ProductRequest) -> str:
    """Write what was asked for, then how it is checked: each scenario is a point, its steps are below it."""
    points = [_point(each) for each in scenarios_of(request.gherkin_criteria or "")]
    return "\n\n".join(filter(None, [f"# {request.title}", request.description.strip(), "\n".join(points)]))


def _point(scenario: ParsedScenario) -> str:
    steps = ", ".join(f"{step.keyword.lower()} {step.text}" for step in scenario.steps)
    return f"- {scenario.name}" + (f"\n  - {steps[:1].upper()}{steps[1:]}" if steps else "")


def outline_of(outline: AppOutline, files: Sequence[str]) -> str:
    """Write what an app shows, page by page; where its files do not say, what files there are."""
    said = [_page(page) for page in outline.pages[:_MOST_PAGES]]
    if outline.menu:
        said.append(f"- The menu leads to {_named(outline.menu)}.")
    if not said and files:
        said.append(f"The repository holds {', '.join(files[:_MOST_FILES])}.")
    return "\n".join(said)


def _page(page: Page) -> str:
    parts = {
        "the headings": page.headings,
        "the buttons": page.buttons,
        "the forms": [form.name for form in page.forms],
    }
    shown = "; ".join(f"{name} {_named(texts)}" for name, texts in parts.items() if any(texts))
    return f"- The page “{page.name}” shows {shown}." if shown else f"- There is a page “{page.name}”."


def _named(texts: Sequence[str]) -> str:
    return ", ".join(f"“{text}”" for text in list(dict.fromkeys(filter(None, texts)))[:_MOST_NAMED])
