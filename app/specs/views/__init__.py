"""The pages of specs: lists, one spec, its stories, its versions, the document behind a link."""

from app.specs.views import hosted, lists, pages, stories, versions
from app.specs.views.base import blueprint

__all__ = ["blueprint", "hosted", "lists", "pages", "stories", "versions"]
