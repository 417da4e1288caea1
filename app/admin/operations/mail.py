"""Whether mail arrives: a letter to oneself."""

from app.accounts.models import User
from app.admin.permissions import can_administer_installation
from app.core.errors import Conflict, NotAllowed
from app.letters.models import Letter, LetterKind
from app.letters.operations import post


def try_mail(*, by: User) -> Letter:
    """Send whoever runs the installation a letter, to see whether mail arrives."""
    if not can_administer_installation(by):
        raise NotAllowed("Only an admin of the whole installation tries its mail.")
    letter = post(LetterKind.TRIAL, to=by.email, name=by.name)
    if letter is None:
        raise Conflict(
            "No mail server is set up. Set GREENROOM_SMTP_URL and GREENROOM_MAIL_FROM, and start again."
        )
    return letter
