"""How the installation is set up and how it does: for the overview, and for programs alike."""

from dataclasses import dataclass

from flask import current_app

from app.admin import health
from app.admin.disk import disk
from app.admin.queries import figures
from app.admin.schemas.installation import ConfigOut, PartsOut, SettingOut, StatsOut
from app.core.installation import Installation, installation
from app.engine import sandbox
from app.engine.looking.browser import find_browser
from app.web.health import parts_alive


def config() -> ConfigOut:
    """Return the settings, and what is on."""
    here = installation()
    return ConfigOut(
        version=current_app.config["VERSION"],
        url=here.url,
        preview_domain=here.preview_domain,
        parts=_parts(here),
        settings=[SettingOut.of(setting) for setting in here.settings],
    )


def _parts(here: Installation) -> PartsOut:
    named = {setting.name for setting in here.settings if setting.is_set}
    return PartsOut(
        database="sqlite" if here.database_url.startswith("sqlite") else "postgresql",
        queue="server" if "REDIS_URL" in named else "own",
        sandbox=sandbox.probe().kind,
        browser=find_browser() is not None,
        mail=any("SMTP" in name for name in named),
    )


def stats() -> StatsOut:
    """Return the figures of the installation."""
    days, pace = figures.recent_days()
    return StatsOut.model_validate(
        {
            "counts": figures.counts(),
            "requests": figures.requests_by_state(),
            "days": days,
            "pace_seconds": pace,
            "runs": figures.ends_of_runs(),
            "disk_bytes": disk(),
        }
    )


@dataclass(frozen=True)
class Overview:
    """What the first page of the administration shows."""

    config: ConfigOut
    stats: StatsOut
    parts: dict[str, bool]
    shortcomings: list[str]


def overview() -> Overview:
    """Return the overview, with how the installation is at this moment."""
    return Overview(config(), stats(), parts_alive(), health.shortcomings(installation()))
