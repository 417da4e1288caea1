"""What the page of a request shows to somebody; the page, its parts and their polls share it."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from app.accounts.models import User
from app.core.gherkin import scenarios_of
from app.desk import feed, words
from app.desk.feed import Feed
from app.desk.queries import all_sessions_of
from app.desk.standing import Standing, Step, Surroundings, look_around, standing_of
from app.development.models import DevelopmentSession
from app.previews.models import PreviewStatus
from app.requests import permissions
from app.requests.models import Label, ProductRequest, ReactionKind, RequestStep, WorkflowAction
from app.requests.queries import (
    ReactionTally,
    Tally,
    all_labels_of,
    blockers_visible_to,
    count_comments,
    duplicates_of,
    last_step,
    mark_of_talk,
    people_to_assign,
    reactions_to,
    steps_of,
    story_of,
    tally_of,
    vote_by,
    votes_of,
    watchers_of,
)
from app.specs.models import Spec
from app.specs.permissions import can_ask_for_spec
from app.specs.queries import specs_of_request


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One request as one person sees it."""

    request: ProductRequest
    user: User
    here: Surroundings
    standing: Standing
    tab: str = "request"

    @property
    def path(self) -> str:
        return self.request.path

    @property
    def mark(self) -> str:
        """Return what changes when the page would look different; a mere sign of life does not count."""
        session, pull, preview = self.here.session, self.here.pull, self.here.preview
        last = story_of(self.request, 1)
        seen = (
            (self.request.version, last[0].id if last else None, mark_of_talk(self.request)),
            (session.id, session.status, session.version) if session else None,
            (pull.id, pull.version, pull.is_being_merged) if pull else None,
            (self.here.merging, self.here.deploy_message, self.here.app and self.here.app.live_deploy_id),
            (self.here.open_remarks, self.tally, [each.id for each in self.request.blockers]),
            (preview["deploymentId"], preview["status"], preview["previewUrl"], preview["message"]),
        )
        return sha256(repr(seen).encode()).hexdigest()[:16]

    @property
    def poll_url(self) -> str:
        return f"{self.path}/standing?seen={self.mark}{'&tab=work' if self.tab == 'work' else ''}"

    @property
    def steps(self) -> list[Step]:
        """Return what can be done next, without the way to the tab that is open."""
        here = f"{self.path}/work" if self.tab == "work" else self.path
        return [step for step in self.standing.steps if step.is_form or step.url != here]

    @property
    def is_plain(self) -> bool:
        return words.is_plain_to(self.user, self.request)

    @property
    def may_edit(self) -> bool:
        return permissions.can_edit(self.user, self.request)

    @property
    def may_edit_words(self) -> bool:
        return self.may_edit and permissions.is_editable(self.request)

    @property
    def may_assign(self) -> bool:
        return permissions.can_assign(self.user, self.request)

    @property
    def may_comment(self) -> bool:
        return permissions.can_comment(self.user, self.request)

    @property
    def may_drop(self) -> bool:
        return self.may_edit and WorkflowAction.CANCEL in self.request.open_actions

    @property
    def may_vote(self) -> bool:
        return permissions.can_vote(self.user, self.request) and not self.request.is_over

    @property
    def may_archive(self) -> bool:
        return self.may_edit and self.request.is_at_rest

    @property
    def shows_guest(self) -> bool:
        """Tell whether this person may write to the guest who asked for it."""
        return permissions.can_build(self.user, self.request)

    @cached_property
    def blockers(self) -> list[ProductRequest]:
        return blockers_visible_to(self.user, self.request)

    @property
    def unseen_blockers(self) -> int:
        return len(self.request.waits_for) - len(self.blockers)

    @property
    def has_voted(self) -> bool:
        return vote_by(self.user, self.request) is not None

    @property
    def voters(self) -> list[str]:
        return [each.user.name for each in votes_of(self.request)]

    @cached_property
    def tally(self) -> Tally:
        return tally_of(self.request)

    @cached_property
    def all_steps(self) -> list[RequestStep]:
        return steps_of(self.request)

    @property
    def duplicates(self) -> list[tuple[ProductRequest, int]]:
        """Return what turned out to be the same, with how much was said of each."""
        return [(each, count_comments(each)) for each in duplicates_of(self.request)]

    @property
    def has_preview(self) -> bool:
        return self.here.preview_status is not PreviewStatus.NOT_STARTED and not self.request.is_over

    @property
    def cannot_be_tried(self) -> bool:
        return self.here.preview_status is PreviewStatus.FAILED and not self.request.is_accepted

    @property
    def scenarios(self) -> list[Any]:
        return list(scenarios_of(self.request.gherkin_criteria or ""))

    @property
    def specs(self) -> list[Spec]:
        return specs_of_request(self.user, self.request)

    @property
    def may_ask_for_spec(self) -> bool:
        project = self.request.project
        return can_ask_for_spec(self.user, project.organization, project) and not self.request.is_over

    @property
    def people(self) -> list[User]:
        return people_to_assign(self.request) if self.may_assign else []

    @property
    def types(self) -> list[tuple[str, str]]:
        return words.types()

    @property
    def priorities(self) -> list[tuple[str, str]]:
        return words.priorities()

    @property
    def rounds(self) -> list[DevelopmentSession]:
        return all_sessions_of(self.request)

    @property
    def may_label(self) -> bool:
        return permissions.can_label(self.user, self.request)

    @property
    def may_manage_labels(self) -> bool:
        return permissions.can_manage_labels(self.user, self.request.organization_id)

    @property
    def labels(self) -> list[Label]:
        """Return what the organization has to label requests with."""
        return all_labels_of(self.request.organization_id)

    @cached_property
    def watchers(self) -> list[User]:
        return watchers_of(self.request)

    @property
    def is_watching(self) -> bool:
        return any(person.id == self.user.id for person in self.watchers)

    @property
    def reactions(self) -> list[ReactionTally]:
        return reactions_to(self.request).get(None, [])

    @property
    def reaction_kinds(self) -> list[ReactionKind]:
        return list(ReactionKind)

    def feed(self, *, earlier: int = 0, whole: bool = False) -> Feed:
        return feed.feed_of(self.request, user=self.user, earlier=earlier, whole=whole)


def sheet_of(request: ProductRequest, user: User, *, tab: str = "request") -> Sheet:
    """Return what a person sees of a request."""
    dropped = last_step(request, WorkflowAction.CANCEL) if request.is_over else None
    reason = str(dropped.payload.get("reason", "")) if dropped is not None else None
    here = look_around(request, user, drop_reason=reason)
    return Sheet(request=request, user=user, here=here, standing=standing_of(here), tab=tab)
