"""What is done with projects: make one, take pushes, change settings and variables."""

from app.projects.operations.beginning import await_push
from app.projects.operations.building import leave_room_to_build
from app.projects.operations.coding_agents import Trial, set_agent, try_agent
from app.projects.operations.config import follow_config, read_config, sync_config
from app.projects.operations.previews import find_plan_anew, set_up_previews
from app.projects.operations.projects import (
    RESERVED,
    archive_project,
    begin_push,
    bring_to_rest,
    create_project,
    edit_project,
    erase_project,
    give_up_project,
    go_live_by_itself,
    name_members,
    note_moves,
    restore_project,
    signature_of,
    take_out,
)
from app.projects.operations.variables import forget_variable, note, set_variable
from app.projects.operations.weighing import weigh_repositories

__all__ = [
    "RESERVED",
    "Trial",
    "archive_project",
    "await_push",
    "begin_push",
    "bring_to_rest",
    "create_project",
    "edit_project",
    "erase_project",
    "find_plan_anew",
    "follow_config",
    "forget_variable",
    "give_up_project",
    "go_live_by_itself",
    "leave_room_to_build",
    "name_members",
    "note",
    "note_moves",
    "read_config",
    "restore_project",
    "set_agent",
    "set_up_previews",
    "set_variable",
    "signature_of",
    "sync_config",
    "take_out",
    "try_agent",
    "weigh_repositories",
]
