"""What was under way when an archive was made says truly that it is not under way where it was brought in."""

from sqlalchemy import select

from app.apps.models import App, Deploy, DeployStatus
from app.apps.queries import first_app
from app.core.clock import now
from app.core.db import session, transaction
from app.development import operations as development
from app.development.models import DevelopmentSession, SessionStatus
from app.organizations.models import Organization
from app.projects.models import Project
from app.requests.models import Delivery, ProductRequest, RequestStatus, TurnRole
from app.reviews import operations as reviews
from app.specs import operations as specs
from app.specs.models import Spec, SpecKind, SpecStatus
from tests.support import road


def _requests_of(organization: Organization) -> list[ProductRequest]:
    query = select(ProductRequest).join(ProductRequest.project)
    return list(session.scalars(query.where(Project.organization_id == organization.id)).unique())


class TestWhatRan:
    def test_work_on_a_request_ended(self, people, bell, pack, take_in):
        development.start(road.ready_request(people), by=people.bob, agent="person")

        made = take_in(pack())

        request = _requests_of(made)[0]
        query = select(DevelopmentSession).where(DevelopmentSession.request_id == request.id)
        ended = session.scalars(query).unique().one()
        assert (request.status, request.round) == (RequestStatus.READY, 0)
        assert request.turn_role is TurnRole.DEVELOPER
        assert ended.status is SessionStatus.CANCELLED
        assert "when the archive was made" in ended.error_message

    def test_what_was_live_is_not(self, people, bell, pack, take_in):
        request = road.accepted_request(people)
        reviews.create_pull_request(request, by=people.bob)
        reviews.merge(request, by=people.bob)
        app = first_app(request.project)
        with transaction():
            deploy = session.scalars(select(Deploy).where(Deploy.app_id == app.id).limit(1)).unique().one()
            deploy.status, deploy.live_at, app.live_deploy_id = DeployStatus.LIVE, now(), deploy.id
            request.delivery, request.live_at = Delivery.LIVE, now()

        made = take_in(pack())

        brought = _requests_of(made)[0]
        theirs = select(Deploy).join(Deploy.app).where(App.project_id == brought.project_id)
        deploys = session.scalars(theirs).unique().all()
        assert (brought.status, brought.delivery) == (RequestStatus.MERGED, Delivery.HELD)
        assert {each.status for each in deploys} <= {DeployStatus.REPLACED, DeployStatus.CANCELLED}
        assert all(each.ended_at for each in deploys)
        assert deploys[0].app.live_deploy_id is None

    def test_a_spec_being_written_can_be_written_again(self, people, bell, pack, take_in):
        specs.ask_for_spec(
            people.organization, by=people.rae, kind=SpecKind.FAST, text="Guests book a table."
        )

        made = take_in(pack())

        spec = session.scalars(select(Spec).where(Spec.organization_id == made.id)).unique().one()
        assert spec.status is SpecStatus.FAILED
        specs.retry_spec(spec, by=people.rae)
        assert spec.status is SpecStatus.PENDING
