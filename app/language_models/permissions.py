"""Who may decide about the language model."""

from app.accounts.models import User


def can_set_up_language_model(user: User) -> bool:
    """See and change it, test it, switch it off: an admin of the whole installation."""
    return user.is_admin and user.confined_to is None
