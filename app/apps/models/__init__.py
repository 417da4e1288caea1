"""Apps, their versions and their deploys."""

from app.apps.models.app import App, AppStatus, RetentionTier
from app.apps.models.deploy import ON_THE_WAY, Deploy, DeployStatus
from app.apps.models.sessions import (
    SESSION_OPEN,
    SILENCE,
    AppPreviewSession,
    SessionStatus,
)
from app.apps.models.version import AppVersion, VersionStatus

__all__ = [
    "ON_THE_WAY",
    "SESSION_OPEN",
    "SILENCE",
    "App",
    "AppPreviewSession",
    "AppStatus",
    "AppVersion",
    "Deploy",
    "DeployStatus",
    "RetentionTier",
    "SessionStatus",
    "VersionStatus",
]
