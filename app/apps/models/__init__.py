"""Apps, their versions, builds and deploys, their environment and their domains."""

from app.apps.models.app import App, AppStatus, RetentionTier
from app.apps.models.build import UNBUILT, Build, BuildStatus, BuildTrigger
from app.apps.models.deploy import ON_THE_WAY, PHASES, Deploy, DeployPhase, DeployStatus, DeployTrigger
from app.apps.models.domain import AppDomain, DomainStatus
from app.apps.models.sessions import (
    SESSION_OPEN,
    SILENCE,
    AppPreviewSession,
    SessionStatus,
)
from app.apps.models.variable import AppVariable, VariableType
from app.apps.models.version import AppVersion, VersionStatus

__all__ = [
    "ON_THE_WAY",
    "PHASES",
    "SESSION_OPEN",
    "SILENCE",
    "UNBUILT",
    "App",
    "AppDomain",
    "AppPreviewSession",
    "AppStatus",
    "AppVariable",
    "AppVersion",
    "Build",
    "BuildStatus",
    "BuildTrigger",
    "Deploy",
    "DeployPhase",
    "DeployStatus",
    "DeployTrigger",
    "DomainStatus",
    "RetentionTier",
    "SessionStatus",
    "VariableType",
    "VersionStatus",
]
