"""What is decided for the whole installation: who reaches it, who and what is in it, and what runs."""

from app.admin.operations.audit import forget_old_lines
from app.admin.operations.mail import try_mail
from app.admin.operations.organizations import (
    clear_organization,
    create_organization,
    delete_organization,
    edit_organization,
    go_on_deleting,
)
from app.admin.operations.people import change_people, change_person, delete_person
from app.admin.operations.projects import change_project, delete_project, finish_deleting
from app.admin.operations.reach import check_reach, confirm_reach, decide_reach
from app.admin.operations.runs import cancel_run

__all__ = [
    "cancel_run",
    "change_people",
    "change_person",
    "change_project",
    "check_reach",
    "clear_organization",
    "confirm_reach",
    "create_organization",
    "decide_reach",
    "delete_organization",
    "delete_person",
    "delete_project",
    "edit_organization",
    "finish_deleting",
    "forget_old_lines",
    "go_on_deleting",
    "try_mail",
]
