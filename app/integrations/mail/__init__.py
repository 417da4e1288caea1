"""Mail: what is sent, and the one real way to send it.

There is no embedded way. Where none is set up every link is shown on its page, to be copied.
"""

from app.core.installation import installation
from app.integrations.mail.port import Mail, Message, NotSent
from app.integrations.mail.smtp import Relay, Smtp

__all__ = ["Mail", "Message", "NotSent", "Relay", "Smtp", "is_set_up", "our_mail"]


def is_set_up() -> bool:
    """Tell whether this installation sends mail at all."""
    return bool(installation().smtp_url)


def our_mail() -> Mail | None:
    """Return the way by which this installation sends mail; None where there is none."""
    here = installation()
    return Smtp(Relay.at(here.smtp_url), sender=here.mail_from) if here.smtp_url else None
