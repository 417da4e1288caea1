"""The pages of apps."""

from app.apps.views import builds, deploys, domains, live, variables
from app.apps.views.base import blueprint

__all__ = ["blueprint", "builds", "deploys", "domains", "live", "variables"]
