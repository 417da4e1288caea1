import pytest

from app.accounts.operations import sign_in
from app.apps.queries import first_app, live_deploy
from app.core import jobs
from app.core.errors import NotAllowed, Unauthenticated
from app.core.gherkin import parse
from app.demo import operations as demos
from app.demo import queries, stories
from app.demo.models import DemoStatus
from app.demo.script import Agree
from app.development import operations as development
from app.organizations.queries import sample_members_of
from app.previews import operations as previews
from app.previews.queries import as_status, status_of
from app.projects.queries import repository_of
from app.requests import operations as requests
from app.requests.models import RequestStatus, TurnRole
from app.requests.queries import all_requests_of, story_of
from app.reviews import operations as reviews
from app.reviews.queries import mergeability


def by_key(demo, key):
    return next(
        each
        for each in all_requests_of(queries.sample_project(demo.organization_id))
        if each.id == queries.demo(demo.id).request_id(key)
    )


class TestTheStories:
    @pytest.mark.parametrize("story", stories.IN_ORDER, ids=lambda story: story.key)
    def test_have_criteria_that_parse(self, story):
        assert [
            fault for step in story.steps if isinstance(step, Agree) for fault in parse(step.criteria)
        ] == []

    def test_are_of_people_who_are_there(self):
        people = {story.by for story in stories.IN_ORDER} | {
            step.who for story in stories.IN_ORDER for step in story.steps if hasattr(step, "who")
        }

        assert people <= {*stories.CAST, stories.YOU}
        assert stories.FIRST in stories.IN_ORDER


class TestTheSample:
    def test_has_a_request_in_every_state_and_asks_you_for_one_thing(self, sample, people, browse):
        project = queries.sample_project(sample.organization_id)
        yours, page = by_key(sample, "yours"), browse(people.ada).get("/acme/demo").text

        assert queries.demo(sample.id).status is DemoStatus.READY
        assert {request.status for request in all_requests_of(project)} == set(RequestStatus)
        assert (yours.status, yours.turn_role, yours.turn_user) == (
            RequestStatus.IN_REVIEW,
            TurnRole.REQUESTER,
            people.ada,
        )
        assert as_status(status_of(yours.id))["status"] == "ready"
        assert "A preview waits for you." in page
        assert yours.preview_url in page
        assert "hx-trigger" not in page.partition('id="demo"')[2].partition(">")[0]

    def test_was_built_by_commits_that_changed_the_site(self, sample):
        project = queries.sample_project(sample.organization_id)
        repository = repository_of(project)
        shown = repository.blob(by_key(sample, "yours").commit_sha, "index.html").decode()
        said = [entry.text for entry in reversed(story_of(by_key(sample, "prices")))]

        assert "Ordered by 4 pm, delivered today." in shown
        assert b"Where we ride" in repository.blob("main", "index.html")
        assert b"15 kg" in repository.blob("main", "prices.html")
        assert live_deploy(first_app(project)).commit_sha == repository.head("main")
        assert by_key(sample, "prices").round == 2
        assert said.index("asked for changes") < said.index("accepted it") < said.index("merged it")

    def test_tells_the_truth(self, sample):
        merging = mergeability(by_key(sample, "lost"))

        assert (merging.state, merging.conflicts) == ("clean", [])
        assert [*previews.disagreements(), *development.disagreements(), *reviews.disagreements()] == []

    def test_merges_all_that_is_left_without_a_conflict(self, sample, people, bell):
        for key in ("yours", "phone", "lost"):
            request = by_key(sample, key)
            if not request.is_accepted:
                reviews.approve(request, by=people.ada, commit=request.commit_sha)
            if request.status is RequestStatus.IN_REVIEW:
                reviews.create_pull_request(request, by=people.ada)
            reviews.merge(request, by=people.ada)
            bell.work(50)

        page = repository_of(request.project).blob("main", "index.html")
        assert b"delivered today" in page
        assert b'href="tel:' in page

    def test_people_cannot_sign_in(self, sample, people):
        members = sample_members_of(people.organization)

        assert {member.name for member in members} == {part.name for part in stories.CAST.values()}
        for member in members:
            assert member.email.endswith(".invalid")
            with pytest.raises(Unauthenticated):
                sign_in(member.email, "")


class TestLookAround:
    def test_is_made_once_however_often_it_is_pressed(self, sample, people, bell):
        again = demos.look_around(people.organization, by=people.ada)
        bell.work(50)

        assert again.id == sample.id
        assert len(all_requests_of(queries.sample_project(people.organization.id))) == len(stories.IN_ORDER)

    def test_goes_on_where_a_killed_worker_left_it(self, people, bell, monkeypatch):
        taken = []
        whole = demos._take

        def die_at_the_tenth(step, request, cast):
            taken.append(step)
            if len(taken) == 10:
                raise KeyboardInterrupt
            whole(step, request, cast)

        monkeypatch.setattr(demos, "_take", die_at_the_tenth)
        demo = demos.look_around(people.organization, by=people.ada)
        with pytest.raises(KeyboardInterrupt):
            demos.play(demo.id)
        monkeypatch.setattr(demos, "_take", whole)
        bell.work(300)

        assert queries.demo(demo.id).status is DemoStatus.READY
        found = all_requests_of(queries.sample_project(people.organization.id))
        assert {request.status for request in found} == set(RequestStatus)

    def test_leaves_alone_what_somebody_takes_into_their_own_hands(self, people, bell):
        demo = demos.look_around(people.organization, by=people.ada)
        jobs.perform(bell.runs.pop(0))
        requests.drop(by_key(demo, "prices"), by=people.ada, reason="I would rather not.")
        bell.work(300)

        assert queries.demo(demo.id).status is DemoStatus.READY
        assert by_key(demo, "prices").status is RequestStatus.CANCELLED

    def test_is_taken_up_by_the_schedule_when_nobody_works_on_it(self, people, bell):
        demo = demos.look_around(people.organization, by=people.ada)
        jobs.perform(bell.runs.pop(0))
        bell.runs.clear()

        assert demos.go_on() == 1
        assert demos.go_on() == 0
        assert bell.kinds == ["demo.play"]
        assert demo.status is DemoStatus.MAKING

    @pytest.mark.parametrize(("who", "status"), [("bob", 403), ("vic", 403), ("eve", 404)])
    def test_is_for_admins(self, people, browse, who, status):
        browser = browse(getattr(people, who))

        assert browser.get("/acme/demo").status_code == status
        assert browser.post("/acme/demo").status_code == status
        assert browser.post("/acme/demo/removal").status_code == status

    def test_asks_for_the_right_again_in_the_operation(self, people):
        with pytest.raises(NotAllowed):
            demos.look_around(people.organization, by=people.bob)


class TestThePage:
    def test_offers_it_where_nothing_is_yet(self, people, browse):
        for path in ("/", "/acme", "/acme/projects/new", "/acme/demo"):
            assert 'action="/acme/demo"' in browse(people.ada).get(path).text, path

    def test_says_what_is_made_and_asks_again(self, people, browse, bell):
        browser = browse(people.ada)

        answer = browser.post("/acme/demo")
        page = browser.get("/acme/demo").text

        assert (answer.status_code, answer.location) == (303, "/acme/demo")
        assert "The sample is being made." in page
        assert 'hx-trigger="every 1s"' in page
        assert page.count('class="step step--waiting') == 3

    def test_marks_the_people_and_the_project(self, sample, people, browse):
        assert browse(people.ada).get("/acme/members").text.count("sample, cannot sign in") == 3
        assert "sample" in browse(people.ada).get("/acme").text
