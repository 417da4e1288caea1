"""`greenroom export` and `greenroom import`: everything of an organization as one file, and back."""

import sys
from pathlib import Path

from sqlalchemy import select

from app.core import audit
from app.core.db import let_go, session, unit_of_work
from app.core.errors import DomainError
from app.core.installation import installation
from app.organizations.models import Organization
from app.organizations.queries import is_at
from app.projects.models import Project


def export(*, organization: str, project: str | None, to: Path) -> int:
    """Write an archive for whoever sits at the server."""
    from app.archives.operations import write_export
    from app.archives.packing import Part

    with unit_of_work():
        here = session.scalars(select(Organization).where(is_at(organization))).one_or_none()
        if here is None:
            known = ", ".join(session.scalars(select(Organization.slug).order_by(Organization.slug)))
            return _say(f"There is no organization at /{organization}. There are: {known or 'none'}.")
        part = Part(here.id)
        if project is not None:
            mine = select(Project.id).where(Project.organization_id == here.id, Project.slug == project)
            found = session.scalar(mine)
            if found is None:
                return _say(f"There is no project at /{organization}/{project}.")
            part = Part(here.id, found)
        let_go()  # the archive is read by a connection of its own
        audit.come_from(audit.Origin(audit.Client.COMMAND_LINE))
        try:
            size, digest = write_export(part, to.absolute(), report=_show)
        except DomainError as trouble:
            return _refuse(trouble)
        audit.record("export.asked", by=None, subject=here.name, organization_id=here.id)
    print(f"{to}: {size} bytes, sha256 {digest}")
    return 0


def bring_in(file: Path, *, name: str | None, slug: str | None, email: str | None) -> int:
    """Make an organization of an archive; nothing is left of one that does not hold."""
    from app.accounts.queries import first_admin, user_by_email
    from app.archives.operations import import_archive

    audit.come_from(audit.Origin(audit.Client.COMMAND_LINE))
    with unit_of_work():
        by = user_by_email(email) if email else first_admin()
        if by is None:
            return _say("There is no admin here yet. `greenroom admin create` makes one.")
        try:
            with file.open("rb") as stream:
                made = import_archive(stream, by=by, name=name, slug=slug)
        except OSError as trouble:
            return _say(f"{file} cannot be read: {trouble.strerror}.")
        except DomainError as trouble:
            return _refuse(trouble)
        print(f"{made.name} is there: {installation().url}{made.path}")
    return 0


def _show(percent: int, doing: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{percent:3d} %  {doing:<20}", end="", file=sys.stderr)


def _refuse(trouble: DomainError) -> int:
    faults = [str(error["msg"]) for error in getattr(trouble, "errors", [])]
    return _say("\n".join(faults or [" ".join(filter(None, [trouble.message, trouble.suggestion]))]))


def _say(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1
