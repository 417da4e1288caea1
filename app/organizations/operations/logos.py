"""An organization's logo: put up, taken down."""

import io

from app.accounts.models import User
from app.core import files
from app.core.db import transaction
from app.core.errors import Invalid, NotAllowed
from app.core.files import Upload
from app.organizations import permissions
from app.organizations.logos import drawn_small
from app.organizations.models import Organization


def set_logo(organization: Organization, upload: Upload | None, *, by: User) -> None:
    """Show a picture as an organization's logo; what was there before goes with the next sweep of files."""
    _may(by, organization)
    if upload is None:
        raise Invalid.field("logo", "Choose a picture first.", type="missing")
    digest = files.keep(io.BytesIO(drawn_small(upload.stream)))
    with transaction():
        organization.logo_digest = digest


def remove_logo(organization: Organization, *, by: User) -> None:
    """Show initials instead of a logo."""
    _may(by, organization)
    with transaction():
        organization.logo_digest = None


def _may(by: User, organization: Organization) -> None:
    if not permissions.can_edit(by, organization.id):
        raise NotAllowed(f"Only an admin of {organization.name} can change its logo.")
