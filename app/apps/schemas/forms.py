"""What the pages of apps are filled in with."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import StringConstraints

from app.apps.models import App, RetentionTier
from app.apps.schemas.apps import Line, Name, Text
from app.projects.models import Starter
from app.web.schemas import Schema


class Beginning(StrEnum):
    """What an app begins with."""

    STATIC = "static"
    FLASK = "flask"
    VITE = "vite"
    REACT = "react"
    REPOSITORY = "repository"
    UPLOAD = "upload"
    EMPTY = "empty"


class AppForm(Schema):
    """An app as a person makes it."""

    name: Name
    description: Text = ""
    handle: str | None = None
    beginning: Beginning = Beginning.STATIC

    def what(self) -> dict[str, Any]:
        """Return what to make, as the operation takes it."""
        starters = {each.value for each in Starter}
        return {
            "name": self.name,
            "description": self.description,
            "handle": self.handle,
            "starter": Starter(self.beginning.value) if self.beginning.value in starters else Starter.EMPTY,
            "from_repository": self.beginning is Beginning.REPOSITORY,
        }


class AppSettings(Schema):
    """What a person changes of an app; what is left empty is found by looking at the files."""

    name: Name
    description: Text = ""
    handle: str
    is_public: bool = False
    default_version_id: str | None = None
    auto_build: bool = False
    node_version: Annotated[str, StringConstraints(pattern=r"^\d{1,2}(\.\d{1,3}){0,2}$")] | None = None
    install: Line | None = None
    build: Line | None = None
    output: Line | None = None
    run: Line | None = None
    retention_tier: RetentionTier = RetentionTier.MEDIUM

    def what(self, app: App) -> dict[str, Any]:
        """Return what to change, as the operation takes it; what the form does not show stays."""
        said = {
            "autoBuild": self.auto_build or None,
            "nodeVersion": self.node_version,
            "install": self.install,
            "build": self.build,
            "output": self.output,
            "run": self.run,
            "retentionTier": self.retention_tier.value,
        }
        config = {name: value for name, value in {**app.config, **said}.items() if value is not None}
        kept = self.model_dump(include={"name", "description", "handle", "is_public", "default_version_id"})
        return {**kept, "config": config}


class Fork(Schema):
    """A version to begin."""

    name: Name
    parent_id: str | None = None
    commit: str | None = None
