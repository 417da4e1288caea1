"""A column whose content the database cannot read: encrypted with a key of the installation's own."""

import json
from typing import Any

from sqlalchemy import Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from app.core.secrets import seal, unseal


class Sealed(TypeDecorator[Any]):
    """Anything that JSON can hold; it reads as None where the installation's key is another one by now."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else seal(json.dumps(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        plain = None if value is None else unseal(value)
        return None if plain is None else json.loads(plain)
