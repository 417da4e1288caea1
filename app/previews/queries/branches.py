"""Branches that no request asked for, and how their previews stand."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import select

from app.apps.models.version import BRANCHES
from app.core import ledger
from app.core.clock import now
from app.core.db import bare, session
from app.engine.instances import Instance
from app.engine.repositories import Commit
from app.previews.models import ON_THE_WAY, BranchPreview, PreviewStatus
from app.previews.queries.status import effective
from app.projects.models import Project
from app.projects.queries import repository_of
from app.requests.queries import branches_asked_for

MOST_LISTED = 50
_OPEN = (*ON_THE_WAY, PreviewStatus.READY)
MARK = "@branch@"  # stands for a branch's own mark until git's hook knows the branch


def label_of(project: Project, mark: str) -> str:
    """Return the host label of a branch with this mark; two hyphens are in no project's name."""
    return f"branch-{mark}--{project.host_label}"


def mark_of(branch: str) -> str:
    """Return what tells a branch from others in its address, as `git hash-object` says it to the hook."""
    name = branch.encode()
    return hashlib.sha1(b"blob %d\0" % len(name) + name, usedforsecurity=False).hexdigest()[:8]


def branch_preview(project: Project, branch: str) -> BranchPreview | None:
    """Return the newest preview of a branch."""
    query = select(BranchPreview).where(
        BranchPreview.project_id == project.id, BranchPreview.branch_name == branch
    )
    newest = query.order_by(BranchPreview.created_at.desc(), BranchPreview.id.desc()).limit(1)
    return session.scalars(newest.execution_options(populate_existing=True)).first()


def open_branch_previews(project: Project | None = None) -> list[BranchPreview]:
    """Return the branches' previews that run or are on their way, oldest first; of one project, or of all."""
    query = select(BranchPreview).where(BranchPreview.status.in_(_OPEN)).order_by(BranchPreview.created_at)
    if project is not None:
        query = query.where(BranchPreview.project_id == project.id)
    query = query.options(*bare(BranchPreview.project))
    return list(session.scalars(query.execution_options(populate_existing=True)))


def folders_of_branches() -> set[str]:
    """Return what the folders are called that branches' previews need, or needed until a moment ago."""
    recent = BranchPreview.ended_at > now() - ledger.patience()
    rows = session.scalars(select(BranchPreview.id).where(BranchPreview.status.in_(_OPEN) | recent))
    return {f"branch-{each.hex}" for each in rows}


@dataclass(frozen=True, kw_only=True)
class Unasked:
    """A branch that nobody asked for: its last commit, and its preview where there is one."""

    name: str
    commit: Commit
    preview: BranchPreview | None
    state: PreviewStatus


def is_unasked(project: Project, branch: str) -> bool:
    """Tell whether a branch is neither what goes live, nor a version of it, nor a request's."""
    is_ours = branch == project.default_branch or branch.startswith(BRANCHES)
    return not is_ours and branch not in branches_asked_for(project)


def unasked_branches(project: Project) -> list[Unasked]:
    """Return a project's branches that nobody asked for, those that moved last first."""
    repository = repository_of(project)
    known = {project.default_branch, *branches_asked_for(project)}
    heads = {
        name: sha
        for name, sha in repository.branches().items()
        if name not in known and not name.startswith(BRANCHES)
    }
    found = [(name, repository.commit(sha)) for name, sha in heads.items()]
    found.sort(key=lambda each: each[1].at, reverse=True)
    return [_unasked(project, name, commit) for name, commit in found[:MOST_LISTED]]


def _unasked(project: Project, name: str, commit: Commit) -> Unasked:
    preview = branch_preview(project, name)
    if preview is None:
        return Unasked(name=name, commit=commit, preview=None, state=PreviewStatus.NOT_STARTED)
    state = session.scalar(select(Instance.state).where(Instance.label == preview.instance_name))
    has_process = preview.instance_name is not None
    return Unasked(
        name=name,
        commit=commit,
        preview=preview,
        state=effective(preview.status, state, has_process=has_process),
    )
