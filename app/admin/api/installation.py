"""The installation's settings and figures, for programs."""

from app.admin.api.base import administrator, blueprint
from app.admin.panel.overview import config, stats
from app.admin.schemas.installation import ConfigOut, StatsOut
from app.web.api import endpoint


@endpoint(
    blueprint,
    "GET",
    "/admin/config",
    operation="Get admin config",
    family="admin",
    answer=ConfigOut,
    scope="admin",
    errors=(403,),
)
def get_config() -> ConfigOut:
    """Return every setting by its name and what the installation works with; of secrets only whether set."""
    administrator()
    return config()


@endpoint(
    blueprint,
    "GET",
    "/admin/stats",
    operation="Get admin stats",
    family="admin",
    answer=StatsOut,
    scope="admin",
    errors=(403,),
)
def get_stats() -> StatsOut:
    """Return how many there are of what, and how the last 30 days went; times in seconds, sizes in bytes."""
    administrator()
    return stats()
