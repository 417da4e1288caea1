"""What is done with organizations, their members, the ways into them, their logos and keys for them."""

from app.organizations.operations.invitations import (
    INVITATION_DAYS,
    accept,
    accept_as_new,
    invite,
    invite_several,
    resend,
    revoke,
)
from app.organizations.operations.join_links import (
    MOST_DAYS,
    MOST_USES,
    come_in,
    come_in_as_new,
    end_join_link,
    make_join_link,
    why_it_is_over,
)
from app.organizations.operations.keys import make_key
from app.organizations.operations.logos import remove_logo, set_logo
from app.organizations.operations.members import (
    add_sample_member,
    change_role,
    erase_sample_members,
    give_reset_link,
    remove_member,
)
from app.organizations.operations.organizations import (
    RESERVED,
    checked_slug,
    create_admin,
    create_organization,
    edit_organization,
    found,
)
from app.organizations.operations.tokens import (
    TokensUsedUp,
    note_model_use,
    set_tokens_aside,
    tokens_left,
)
from app.organizations.operations.usage import (
    Consumption,
    LimitReached,
    count_usage,
    leave_room_for_a_build,
    leave_room_for_bytes,
    leave_room_for_one,
    weigh_files,
)

__all__ = [
    "INVITATION_DAYS",
    "MOST_DAYS",
    "MOST_USES",
    "RESERVED",
    "Consumption",
    "LimitReached",
    "TokensUsedUp",
    "accept",
    "accept_as_new",
    "add_sample_member",
    "change_role",
    "checked_slug",
    "come_in",
    "come_in_as_new",
    "count_usage",
    "create_admin",
    "create_organization",
    "edit_organization",
    "end_join_link",
    "erase_sample_members",
    "found",
    "give_reset_link",
    "invite",
    "invite_several",
    "leave_room_for_a_build",
    "leave_room_for_bytes",
    "leave_room_for_one",
    "make_join_link",
    "make_key",
    "note_model_use",
    "remove_logo",
    "remove_member",
    "resend",
    "revoke",
    "set_logo",
    "set_tokens_aside",
    "tokens_left",
    "weigh_files",
    "why_it_is_over",
]
