"""What a request's own moves mean for the work on it: the next round, or the end."""

from app.development import agent_run, queries
from app.development.models import DevelopmentSession
from app.development.operations.sessions import start
from app.development.operations.stops import end_with
from app.requests.models import ProductRequest, WorkflowAction


def follow_request(request: ProductRequest, action: WorkflowAction) -> None:
    """Stop the work on what was dropped; begin what was allowed, and the next round of what shall differ."""
    if action is WorkflowAction.CANCEL:
        end_with(request)
    elif action is WorkflowAction.ALLOW_DEVELOPMENT:
        begin_what_was_allowed(request)
    elif action is WorkflowAction.REQUEST_CHANGES:
        restart_after_changes(request)


def begin_what_was_allowed(request: ProductRequest) -> DevelopmentSession:
    """Begin the work with the project's own agent, once somebody said yes to it."""
    agent = agent_run.TOUCH_UP if request.edits else request.project.default_agent
    return start(request, by=None, agent=agent, inputs=agent_run.prepared(request, agent, None))


def restart_after_changes(request: ProductRequest) -> DevelopmentSession | None:
    """Begin the next round by itself, where the one who made the last round is an agent.

    What somebody pointed at is put in. Words alone are nothing that a touch-up could put in, and an outline
    would take a step back behind it, so then the project's own agent or a person takes over.
    """
    last = queries.latest_session(request)
    agent = last.agent if last is not None else request.project.default_agent
    if request.edits:
        agent = agent_run.TOUCH_UP
    elif agent == agent_run.TOUCH_UP:
        agent = request.project.default_agent
        agent = agent_run.PERSON if agent in {agent_run.OUTLINE, agent_run.TOUCH_UP} else agent
    if agent_run.waits_for_a_person(agent) or request.waits_for:
        return None
    return start(request, by=None, agent=agent, inputs=agent_run.kept_for_next_round(last))
