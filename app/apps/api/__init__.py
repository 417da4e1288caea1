"""Apps and what belongs to them, for programs."""

from app.apps.api import builds, deploys, domains, variables
from app.apps.api.base import blueprint

__all__ = ["blueprint", "builds", "deploys", "domains", "variables"]
