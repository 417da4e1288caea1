"""The shapes of specs: those of the spec API that programs know, and those of the pages."""

import json
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import Field, RootModel, StringConstraints, field_validator

from app.specs.document import Mark, Size
from app.specs.models import OutputFormat, SpecKind, SpecStatus
from app.web.schemas import Schema

MOST_ADDRESSES, LONGEST_ADDRESS = 20, 2_000


def addresses(written: list[str]) -> list[str]:
    """Return addresses of pages that anybody may be shown; says what is wrong with one that is none."""
    for each in written:
        if not each.startswith(("http://", "https://")):
            raise ValueError(f"{each[:100]} is no address. It begins with https://.")
        if len(each) > LONGEST_ADDRESS:
            raise ValueError(f"An address may have {LONGEST_ADDRESS} characters.")
        try:
            parts = urlsplit(each)
        except ValueError:
            parts = urlsplit("")
        if not parts.hostname:
            raise ValueError(f"{each[:100]} is no address. Its host is missing.")
        if parts.username is not None or parts.password is not None:
            raise ValueError(f"Leave the name and the password out of the address of {parts.hostname}.")
    return written


class NewSpec(Schema):
    """What a spec is to be written from; with a file or of a request, `input` may be empty."""

    input: str = ""
    output_format: OutputFormat = OutputFormat.URL
    current_context: str = ""
    doc_urls: list[str] = Field(default=[], alias="docURLs", max_length=MOST_ADDRESSES)
    is_async: Annotated[bool, Field(alias="async")] = False
    project_id: UUID | None = None
    request_id: UUID | None = None

    @field_validator("input", "current_context", mode="before")
    @classmethod
    def _nothing_is_empty(cls, value: object) -> object:
        return "" if value is None else value

    @field_validator("output_format", mode="before")
    @classmethod
    def _nothing_is_an_address(cls, value: object) -> object:
        return OutputFormat.URL if value is None or value == "" else value

    @field_validator("doc_urls", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        """Take a list, one address, or a list written as JSON."""
        if isinstance(value, list) and len(value) == 1 and str(value[0]).startswith("["):
            value = value[0]
        if not isinstance(value, str):
            return value or []
        if not value.startswith("["):
            return [value] if value else []
        try:
            return json.loads(value)
        except ValueError:
            raise ValueError("Send a list of addresses.") from None

    @field_validator("doc_urls")
    @classmethod
    def _are_addresses(cls, value: list[str]) -> list[str]:
        return addresses(value)


class ListQuery(Schema):
    """Which specs, and which part of the list."""

    limit: Annotated[int, Field(ge=1, le=100)] = 20
    skip: Annotated[int, Field(ge=0)] = 0
    endpoint: SpecKind | None = None
    status: SpecStatus | None = None


class FindQuery(ListQuery):
    """A case-insensitive regular expression for the input, and which part of the list."""

    query: Annotated[str, Field(min_length=1)]


class SpecState(Schema):
    """How a spec stands; what is not known yet is left out."""

    id: Annotated[str, Field(alias="_id")]
    created: str
    endpoint: SpecKind
    input: str
    status: SpecStatus
    success: bool
    output_format: OutputFormat
    progress: str
    progress_message: str
    progress_percent: int
    credits_used: int
    next_poll_ms: int | None
    uploaded_file_name: str | None = None
    uploaded_file_short_url: str | None = None
    execution_time: int | None = None
    error_message: str | None = None
    output: str | None = None
    output_file_url: str | None = None
    predev_url: str | None = None
    lovable_url: str | None = None
    cursor_url: str | None = None
    v0_url: Annotated[str | None, Field(alias="v0Url")] = None
    bolt_url: str | None = None
    zipped_docs_urls: list[dict[str, str]] | None = None
    human_spec_url: str | None = None
    human_spec_json: dict[str, Any] | None = None
    human_spec_markdown: str | None = None
    coding_agent_spec_url: str | None = None
    coding_agent_spec_json: dict[str, Any] | None = None
    coding_agent_spec_markdown: str | None = None
    total_human_hours: int | None = None
    architecture_infographic_url: str | None = None
    architecture_graph: dict[str, Any] | None = None
    user_flow_graph: dict[str, Any] | None = None
    enriched_tech_stack: list[dict[str, Any]] | None = None


class AskedOut(Schema):
    """What an asynchronous call answers: the id to ask by. Others get the whole state."""

    spec_id: str
    status: SpecStatus


class SpecList(Schema):
    """A part of a list, how many there are in all, and whether more follow."""

    specs: list[SpecState]
    total: int
    has_more: bool


class Credits(Schema):
    """What is left of the organization's allowance in this month; a million where there is no limit."""

    success: bool
    credits_remaining: int


class SpecTrouble(Schema):
    """What went wrong: in a word or two, then in a sentence."""

    error: str
    message: str
    request_id: str
    code: str | None = None


Short = Annotated[str, StringConstraints(min_length=1, max_length=500)]


class AskForSpec(Schema):
    """What a person wants a spec of."""

    kind: SpecKind = SpecKind.FAST
    input: str = ""
    current_context: str = ""
    doc_urls: str = ""

    @field_validator("doc_urls")
    @classmethod
    def _are_addresses(cls, value: str) -> str:
        """Take one address on a line."""
        found = addresses(value.split())
        if len(found) > MOST_ADDRESSES:
            raise ValueError(f"These are {len(found)} addresses; {MOST_ADDRESSES} are read.")
        return value


class EditedStory(Schema):
    """A story as somebody wrote it; its criteria stand one on a line."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    role: Short
    want: Short
    benefit: Short
    size: Size
    mark: Mark
    reason: Annotated[str, StringConstraints(max_length=500)] = ""
    criteria: Annotated[str, StringConstraints(max_length=50_000)] = ""
    version: int | None = None


class MarkedCriterion(Schema):
    """How far a criterion is."""

    mark: Mark
    reason: Annotated[str, StringConstraints(max_length=500)] = ""


class Accepted(Schema):
    """That a spec will be written, and where to ask how it stands."""

    spec_id: str
    status: Literal["pending"]


class SpecAnswer(RootModel[Accepted | SpecState]):
    """The whole spec, or with `async` only which one it will be."""
