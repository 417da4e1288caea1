"""What is decided for the whole installation: who shall reach it, which organizations it has."""

from app.admin.operations.organizations import (
    clear_organization,
    create_organization,
    delete_organization,
    edit_organization,
    go_on_deleting,
)
from app.admin.operations.reach import check_reach, confirm_reach, decide_reach

__all__ = [
    "check_reach",
    "clear_organization",
    "confirm_reach",
    "create_organization",
    "decide_reach",
    "delete_organization",
    "edit_organization",
    "go_on_deleting",
]
