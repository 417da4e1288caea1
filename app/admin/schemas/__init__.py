"""What the pages and endpoints about the installation take and give."""

from app.admin.schemas.organizations import (
    Deletion,
    NewOrganization,
    OrganizationsQuery,
    OverseenOrganization,
)
from app.admin.schemas.reach import ReachAnswer, is_address, names_for

__all__ = [
    "Deletion",
    "NewOrganization",
    "OrganizationsQuery",
    "OverseenOrganization",
    "ReachAnswer",
    "is_address",
    "names_for",
]
