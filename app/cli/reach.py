"""`greenroom reach`: who can reach this installation, and the way back from an answer that was wrong."""

from app.config import Settings
from app.core import reach as answers
from app.core import supervised

WORDS = {
    answers.Audience.COMPUTER: "this computer alone",
    answers.Audience.NAMES: "our network, previews by names",
    answers.Audience.PORTS: "our network, a port for each preview",
    answers.Audience.DOMAIN: "whoever can reach our domain",
}


def reach(settings: Settings, *, this_computer: bool) -> int:
    """Say who can reach this; with `this_computer`, let nobody else from now on."""
    if this_computer:
        answers.answer(settings.home, answers.Reach())
        answers.confirm(settings.home)
    here, kept = settings.installation(), answers.read(settings.home)
    print(f"Greenroom is at {here.url}, for {WORDS[kept.now.audience]}.")
    if here.former_url:
        print(f"{here.former_url} answers as well, until an admin has opened the new address.")
    if kept.trouble:
        print(f"The last answer could not be used: {kept.trouble}")
    if here.pinned:
        print(f"The environment decides: {', '.join(sorted(here.pinned))}.")
    if this_computer and supervised.ask_for_new_start(here):
        print("It starts anew this moment.")
    return 0
