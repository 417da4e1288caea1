"""Projects, as an admin of the installation sees and changes them."""

from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from app.accounts.schemas import Name
from app.projects.models import Access
from app.projects.schemas import Description
from app.web.schemas import Paging, Schema


class OverseenProjectsQuery(Paging):
    """Which projects of the installation to list."""

    q: str = ""
    organization_id: UUID | None = None
    archived: bool | None = None


class OverseenProjectChange(Schema):
    """What to change of a project; what is missing stays. How it works is for its own admins."""

    name: Name | None = None
    description: Description | None = None
    access: Access | None = None
    archived: bool | None = None


class ProjectRemoval(Schema):
    """The last part of its address, typed by whoever means to delete a project."""

    confirmation: Annotated[str, StringConstraints(min_length=1, max_length=60)]
