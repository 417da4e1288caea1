"""The pages of projects, and their repositories as git sees them."""

from app.projects.views import beginning, coding_agents, git, previews, projects, settings, variables
from app.projects.views.base import blueprint

__all__ = ["beginning", "blueprint", "coding_agents", "git", "previews", "projects", "settings", "variables"]
