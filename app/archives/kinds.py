"""What an archive holds: one kind of lines for each table, and why a table or a column is left out.

A kind goes by its table's own columns and foreign keys, so that a new column is taken along by itself. Kinds
stand in the order in which they are read back: what is referred to comes before what refers to it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from sqlalchemy import Column, ColumnElement, LargeBinary, Table, exists

from app.accounts.models import User
from app.apps.models import App, AppVariable, AppVersion, Deploy, VariableType
from app.core.db import Base
from app.development.models import DevelopmentSession
from app.interviews.models import Interview
from app.organizations.models import Membership, Organization
from app.projects.models import Project, ProjectConfig, ProjectMember, ProjectVariable, SettingsNote
from app.requests.models import (
    Activity,
    Attachment,
    Label,
    Mention,
    ProductRequest,
    Reaction,
    RequestLabel,
    RequestStep,
    SavedView,
    Vote,
    Watch,
    request_waits,
)
from app.reviews.models import LineComment, LineThread, PullRequest
from app.specs.models import Spec, SpecFile, SpecVersion

Row = dict[str, Any]


def _as_it_is(row: Row) -> Row:
    return row


@dataclass(frozen=True, kw_only=True)
class Kind:
    """The rows of one table: within what they are, and what of them is left out."""

    name: str
    table: Table
    within: str | None = None  # the column that names what a row belongs to
    only: ColumnElement[bool] | None = None
    leaves_out: Mapping[str, str] = field(default_factory=dict)  # a column, and why
    also_refers: Mapping[str, str] = field(default_factory=dict)  # a column without a foreign key, and a kind
    content: str | None = None  # the column that names a file by the hash of its bytes
    forms: Mapping[str, str] = field(default_factory=dict)  # what a text has to look like, where that matters
    sift: Callable[[Row], Row] = _as_it_is

    @property
    def path(self) -> str:
        """Return the file that its lines are in."""
        return f"rows/{self.name}.ndjson"

    @cached_property
    def columns(self) -> list[Column[Any]]:
        return [column for column in self.table.columns if column.name not in self.leaves_out]

    @cached_property
    def references(self) -> dict[str, str]:
        """Return the columns that name a row of another kind, and which kind that is."""
        by_key = {
            column.name: BY_TABLE[key.column.table.name].name
            for column in self.columns
            for key in column.foreign_keys
        }
        return {**by_key, **self.also_refers}

    @property
    def has_id(self) -> bool:
        return "id" in self.table.columns

    @cached_property
    def bytes_column(self) -> str | None:
        """Return the column whose bytes are a file of the archive."""
        return next((each.name for each in self.columns if isinstance(each.type, LargeBinary)), None)


def _table(model: type[Base]) -> Table:
    return cast(Table, model.__table__)


def _without_secret(row: Row) -> Row:
    return {**row, "value": None} if row["is_secret"] else row


def _without_app_secret(row: Row) -> Row:
    return {**row, "value": None} if row["type"] == VariableType.SECRET else row


_SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
_HEX = r"[0-9a-f]{64}"
_ADDRESS = r"https?://\S+"
_INSIDE = r"(?!/)(?!(.*/)?\.\.(/|$))[^\x00-\x1f]*"  # a folder of a repository, and none outside of it
_RUN = {"run_id": "which piece of work of this machine it was"}
_CODE = {"code": "it lets whoever has it in", "code_digest": "the same, as a hash"}

PEOPLE = "people"

KINDS = (
    Kind(
        name=PEOPLE,
        table=_table(User),
        leaves_out={
            "password_hash": "it lets somebody in",
            "is_admin": "it is about an installation, not about an organization",
            "is_sample": "an account that is brought in is nobody's sample",
            "session_epoch": "where somebody is signed in",
            "theme": "a person's own choice",
            "time_zone": "a person's own choice",
        },
    ),
    Kind(
        name="organization",
        table=_table(Organization),
        leaves_out={"leaving_since": "what is being deleted is not exported"},
        forms={"logo_digest": _HEX},
        content="logo_digest",
    ),
    Kind(name="members", table=_table(Membership), within="organization_id"),
    Kind(name="labels", table=_table(Label), within="organization_id", forms={"color": r"#[0-9a-fA-F]{6}"}),
    Kind(
        name="projects",
        table=_table(Project),
        within="organization_id",
        only=Project.leaving_at.is_(None) & Project.is_sample.is_(False),
        leaves_out={
            "leaving_at": "what is being deleted is not exported",
            "leaving_by_id": "what is being deleted is not exported",
            "is_sample": "the sample is made anew with one button",
        },
        also_refers={"app_id": "apps"},
        forms={"slug": _SLUG, "subfolder": _INSIDE},
    ),
    Kind(name="project_members", table=_table(ProjectMember), within="project_id"),
    Kind(name="variables", table=_table(ProjectVariable), within="project_id", sift=_without_secret),
    Kind(name="configurations", table=_table(ProjectConfig), within="project_id"),
    Kind(name="settings_notes", table=_table(SettingsNote), within="project_id"),
    Kind(name="saved_views", table=_table(SavedView), within="project_id"),
    Kind(
        name="requests",
        table=_table(ProductRequest),
        within="project_id",
        forms=dict.fromkeys(("preview_url", "pull_request_url", "work_item_url"), _ADDRESS),
    ),
    Kind(name="request_labels", table=_table(RequestLabel), within="request_id"),
    Kind(name="waits", table=request_waits, within="request_id"),
    Kind(name="steps", table=_table(RequestStep), within="request_id"),
    Kind(name="votes", table=_table(Vote), within="request_id"),
    Kind(name="watches", table=_table(Watch), within="request_id"),
    Kind(name="activities", table=_table(Activity), within="request_id"),
    Kind(name="mentions", table=_table(Mention), within="activity_id"),
    Kind(
        name="attachments",
        table=_table(Attachment),
        within="request_id",
        forms={"digest": _HEX},
        content="digest",
    ),
    Kind(name="reactions", table=_table(Reaction), within="request_id"),
    Kind(name="interviews", table=_table(Interview), within="request_id"),
    Kind(name="sessions", table=_table(DevelopmentSession), within="request_id", leaves_out=_RUN),
    Kind(name="pull_requests", table=_table(PullRequest), within="request_id"),
    Kind(name="line_threads", table=_table(LineThread), within="request_id"),
    Kind(name="line_comments", table=_table(LineComment), within="thread_id"),
    Kind(
        name="specs",
        table=_table(Spec),
        within="organization_id",
        leaves_out=_RUN | _CODE | {"bundle_codes": "they let whoever has one in"},
    ),
    Kind(name="spec_files", table=_table(SpecFile), within="spec_id", leaves_out=_CODE),
    Kind(name="spec_versions", table=_table(SpecVersion), within="spec_id"),
    Kind(
        name="apps",
        table=_table(App),
        within="project_id",
        only=exists().where(Project.app_id == App.id),  # an archive holds the projects' own repositories
        leaves_out={"live_deploy_id": "what runs on this machine", "api_key_id": "keys are not exported"},
        also_refers={"default_version_id": "app_versions"},
    ),
    Kind(name="app_versions", table=_table(AppVersion), within="app_id"),
    Kind(name="app_variables", table=_table(AppVariable), within="app_id", sift=_without_app_secret),
    Kind(
        name="deploys",
        table=_table(Deploy),
        within="app_id",
        leaves_out=_RUN | {"build_id": "what was built is made anew"},
    ),
)
BY_NAME = {kind.name: kind for kind in KINDS}
BY_TABLE = {kind.table.name: kind for kind in KINDS}
CODED = frozenset({"specs", "spec_files"})  # what stands in their addresses is made anew

LEFT_OUT: Mapping[str, str] = {
    "api_keys": "they let programs in",
    "app_domains": "they lead to one installation, and are attached and proven anew",
    "app_preview_sessions": "what runs on one machine while somebody edits it",
    "audit_entries": "it has a download of its own, and names addresses that people came from",
    "builds": "what they left is on one machine; commits are built anew",
    "branch_previews": "they are built anew from their branches",
    "connected_projects": "where an installation leads is connected anew",
    "connections": "they hold what opens another place",
    "demos": "the sample is made anew with one button",
    "environments": "they are disposable, and run on one machine",
    "exports": "an archive holds no archives",
    "former_slugs": "they are addresses of one installation",
    "imports": "an archive holds no archives",
    "instances": "what runs on one machine",
    "intake_links": "they let guests in; a new one is made with one button",
    "invitations": "they let people in",
    "join_links": "they let people in",
    "language_model": "it belongs to an installation, and holds a key",
    "letters": "they were sent already, or are about to be",
    "locks": "what runs on one machine",
    "notification_choices": "a person's own choice",
    "notifications": "they were told already",
    "one_time_links": "they let people in",
    "previews": "they are built anew from their commits",
    "routes": "addresses of one machine",
    "runs": "what runs on one machine",
    "search_texts": "a copy of texts, which the database makes",
    "share_links": "they let guests in",
    "sign_ins": "where somebody is signed in",
    "spec_bundles": "they let whoever has one in; what was read of them stands in the document",
    "task_versions": "they are published again from the folder or the repository that they came from",
    "tasks": "they are published again from the folder or the repository that they came from",
    "tokens_set_aside": "what is being asked at this moment",
    "usage": "what was used of one installation",
    "webhook_deliveries": "they belong to an installation",
}
