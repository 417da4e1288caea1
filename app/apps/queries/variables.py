"""Reads of the environment of an app."""

from sqlalchemy import func, select

from app.apps.models import App, AppVariable
from app.core.db import session


def variables_of(app: App) -> list[AppVariable]:
    """Return the variables of an app, by name."""
    return list(
        session.scalars(select(AppVariable).where(AppVariable.app_id == app.id).order_by(AppVariable.name))
    )


def variable_named(app: App, name: str) -> AppVariable | None:
    return session.scalars(
        select(AppVariable).where(AppVariable.app_id == app.id, AppVariable.name == name)
    ).first()


def count_variables(app: App) -> int:
    return session.scalar(select(func.count(AppVariable.id)).where(AppVariable.app_id == app.id)) or 0
