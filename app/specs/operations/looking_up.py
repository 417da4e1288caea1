"""Read the pages that somebody named for a spec, once; what cannot be read never fails it."""

from collections import defaultdict
from collections.abc import Sequence

from app.core.db import let_go, session, transaction
from app.core.ids import token
from app.core.installation import installation
from app.core.ledger import RunHandle
from app.core.secrets import digest
from app.integrations.web_pages import PublicWeb, WebPages
from app.specs import queries
from app.specs.document import Page
from app.specs.models import Spec, SpecBundle
from app.specs.texts import read_page

_SAID = "Reading the pages..."


def read_pages_for(spec: Spec, run: RunHandle) -> list[Page]:
    """Return what stands at a spec's addresses; what was read once is not asked for again."""
    if not spec.doc_urls:
        return []
    kept = queries.pages_of(spec)
    if kept:
        return kept
    let_go()
    run.report(phase="pages", progress=0, message=_SAID)
    found = [read_page(page) for page in web().fetch(list(dict.fromkeys(spec.doc_urls)))]
    with transaction():
        run.settle()
        _keep(spec, found)
    return found


def web() -> WebPages:
    """Return the web as this installation may reach it."""
    return PublicWeb(installation().doc_hosts)


def _keep(spec: Spec, pages: Sequence[Page]) -> None:
    """Keep the pages by their host; a host of which something was read gets a code of its own."""
    by_host: defaultdict[str, list[Page]] = defaultdict(list)
    for page in pages:
        by_host[page.host].append(page)
    codes = {host: token(12) for host in by_host}
    session.add_all(
        SpecBundle(
            spec_id=spec.id,
            platform=host,
            pages=[page.model_dump() for page in by_host[host]],
            code_digest=digest(code),
        )
        for host, code in codes.items()
    )
    spec.bundle_codes = {
        host: code for host, code in codes.items() if any(page.text for page in by_host[host])
    }
