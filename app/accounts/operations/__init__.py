"""What people do with their accounts: sign in and out, change what is known of them, make keys and links."""

from app.accounts.operations.links import (
    first_admin_link,
    mail_reset_link,
    reset_link,
    reset_password,
    use_link,
)
from app.accounts.operations.people import (
    SCOPES,
    SHORTEST_PASSWORD,
    checked_email,
    create_api_key,
    create_user,
    delete_api_key,
    issue_token,
    note_key_use,
    revoke_api_key,
    sign_in,
    sign_out,
    user_of_key,
    user_of_token,
)
from app.accounts.operations.profile import change_password, change_profile
from app.accounts.operations.sign_ins import begin_sign_in, end_other_sign_ins, end_sign_in, note_seen

__all__ = [
    "SCOPES",
    "SHORTEST_PASSWORD",
    "begin_sign_in",
    "change_password",
    "change_profile",
    "checked_email",
    "create_api_key",
    "create_user",
    "delete_api_key",
    "end_other_sign_ins",
    "end_sign_in",
    "first_admin_link",
    "issue_token",
    "mail_reset_link",
    "note_key_use",
    "note_seen",
    "reset_link",
    "reset_password",
    "revoke_api_key",
    "sign_in",
    "sign_out",
    "use_link",
    "user_of_key",
    "user_of_token",
]
