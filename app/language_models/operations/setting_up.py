"""Say which language model there is."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from app.accounts.models import User
from app.core import audit
from app.core.db import session, transaction
from app.core.errors import Conflict, Invalid, NotAllowed
from app.language_models import permissions, queries
from app.language_models.models import ModelSettings, model_settings


def set_up(
    *,
    by: User,
    base_url: str,
    model: str,
    key: str | None = None,
    read_micros: int | None = None,
    written_micros: int | None = None,
    currency: str = "USD",
) -> ModelSettings:
    """Say where the language model answers and what it costs; a key of None stays, an empty one goes.

    A key does not follow to another address unless it is sent again.
    """
    may_set_up(by)
    base_url = _checked(base_url)
    if not model.strip():
        raise Invalid.field("model", "Say which model is asked, by its name there.", type="missing")
    with transaction():
        kept = model_settings() or ModelSettings()
        moved = bool(kept.base_url) and _origin(base_url) != _origin(kept.base_url)
        if moved and kept.key and key is None:
            raise Invalid.field("key", "The address is another one. Enter the key for it.", type="missing")
        kept.base_url, kept.model = base_url, model.strip()
        kept.key = kept.key if key is None else key.strip() or None
        kept.read_micros, kept.written_micros, kept.currency = read_micros, written_micros, currency
        kept.changed_by = by
        kept.forget_test()
        session.add(kept)
        audit.record("language_model.set_up", by=by, subject=kept.model, detail=base_url)
    return kept


def switch(*, by: User, is_on: bool) -> None:
    """Let the language model be asked or not, whoever named it."""
    may_set_up(by)
    with transaction():
        kept = model_settings() or ModelSettings(is_on=True)
        behind = queries.model_behind(kept)
        if behind is None:
            raise Conflict("There is no language model to switch. Say first where one answers.")
        if kept.is_on == is_on:
            return
        kept.is_on, kept.changed_by = is_on, by
        session.add(kept)
        act = f"language_model.switched_{'on' if is_on else 'off'}"
        audit.record(act, by=by, subject=behind.endpoint.model)


def change(*, by: User, said: Mapping[str, Any] | None, is_on: bool | None) -> None:
    """Set the language model up, switch it, or both at once; what is None stays."""
    with transaction():
        if said is not None:
            set_up(by=by, **said)
        if is_on is not None:
            switch(by=by, is_on=is_on)


def forget(*, by: User) -> None:
    """Take away what was said and the key; what the environment names is asked again."""
    may_set_up(by)
    with transaction():
        kept = model_settings()
        if kept is None:
            return
        audit.record("language_model.forgotten", by=by, subject=kept.model)
        session.delete(kept)


def may_set_up(by: User) -> None:
    """Refuse everybody but an admin of the whole installation."""
    if not permissions.can_set_up_language_model(by):
        raise NotAllowed("Only an admin of the whole installation decides about the language model.")


def _checked(address: str) -> str:
    address = address.strip().rstrip("/")
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        words = "Write it like https://api.example.com/v1, without a name or password in it."
        raise Invalid.field("baseUrl", words, type="url")
    if parts.query or parts.fragment:
        raise Invalid.field("baseUrl", "Leave out what follows ? or #.", type="url")
    return address


def _origin(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.scheme, parts.netloc
