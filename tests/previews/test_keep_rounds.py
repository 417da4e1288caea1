"""Each round of a request keeps an address of its own; the last three stay, older ones say that they were put away."""

import shutil

from app.core.db import session
from app.core.installation import installation
from app.engine import routes
from app.engine.instances import Instance
from app.previews import operations, queries
from app.previews.models import PreviewStatus
from app.requests import operations as requests
from app.requests.models import WorkflowAction
from app.reviews.bar import bar_for
from tests.support import road


def next_round(request, people, bell, text):
    """Take a request through another round, until its preview is up."""
    requests.move(request, WorkflowAction.REQUEST_CHANGES, by=people.rae, payload={"feedback": "Larger."})
    requests.move(request, WorkflowAction.START_DEVELOPMENT, by=people.bob)
    commit = road.commit(
        road.repository_of(request.project), request.working_branch, path="index.html", text=text
    )
    requests.move(request, WorkflowAction.COMPLETE_DEVELOPMENT, by=None, payload={"commitSha": commit})
    bell.work()
    return queries.latest_preview(request)


def first_round(people, bell):
    request = road.reviewed_request(people, path="index.html", text="<p>round 1</p>")
    bell.work()
    return request, queries.latest_preview(request)


class TestRounds:
    def test_each_has_its_own_address(self, people, bell):
        request, first = first_round(people, bell)

        second = next_round(request, people, bell, "<p>round 2</p>")

        session.refresh(first)
        assert (first.status, second.status) == (PreviewStatus.READY, PreviewStatus.READY)
        assert first.own_label == f"{request.number}-website--r1"
        assert first.name in routes.find(first.own_label).directory
        assert second.name in routes.find(request.preview_label).directory

    def test_an_older_one_cannot_be_accepted_from_its_bar(self, people, bell):
        request, first = first_round(people, bell)
        next_round(request, people, bell, "<p>round 2</p>")

        bar = routes.find(first.own_label).bar

        assert "Round 1" in bar["title"]
        assert "acceptUrl" not in bar
        assert bar_for(request.preview_label, people.rae)["mayJudge"]
        assert not bar_for(first.own_label, people.rae)["mayJudge"]

    def test_the_oldest_is_put_away_and_says_so(self, people, bell):
        request, first = first_round(people, bell)

        for number in (2, 3, 4):
            next_round(request, people, bell, f"<p>round {number}</p>")

        session.refresh(first)
        route = routes.find(first.own_label)
        assert first.status is PreviewStatus.EXPIRED
        assert (route.kind, route.note) == ("gone", "Round 1 was put away: the last 3 rounds are kept.")
        assert route.status_url.endswith(f"{request.path}/preview")
        assert [preview.is_up for preview in queries.rounds_of(request)] == [True, True, True, False]

    def test_all_are_gone_when_the_request_is(self, people, bell):
        request, first = first_round(people, bell)
        second = next_round(request, people, bell, "<p>round 2</p>")

        requests.drop(request, by=people.rae, reason="Not needed.")
        bell.work()

        for label in (first.own_label, request.preview_label):
            assert routes.find(label).kind == "gone"
        assert not any((installation().checkouts / each.name).exists() for each in (first, second))

    def test_are_listed_on_the_page_and_for_programs(self, people, bell, browse, api):
        request, _ = first_round(people, bell)
        next_round(request, people, bell, "<p>round 2</p>")

        page = browse(people.vic).get(f"{request.path}/preview").text
        listed = api("GET", f"/requests/{request.id}/preview/rounds", people.key(people.vic)).json["data"]

        assert "Open round 1" in page
        assert [(each["round"], each["status"]) for each in listed] == [(2, "ready"), (1, "ready")]
        assert listed[0]["author"] == "Bob Builder"
        assert listed[1]["url"] == f"http://{request.number}-website--r1.preview.greenroom.test"

    def test_stand_beside_each_other(self, people, bell, browse):
        request, _ = first_round(people, bell)
        next_round(request, people, bell, "<p>round 2</p>")

        page = browse(people.vic).get(f"{request.path}/preview/comparison?with=round-1&width=phone").text

        assert f"label={request.number}-website--r1" in page
        assert "sides--phone" in page
        assert "Phone" in page

    def test_whose_process_sleeps_are_said_to_sleep(self, people, bell):
        request = road.shown_request(people)
        preview = queries.latest_preview(request)
        assert queries.states_of([preview]) == {preview.id: PreviewStatus.READY}

        instance(preview.instance_name).state = "asleep"

        assert queries.states_of([preview]) == {preview.id: PreviewStatus.ASLEEP}


class TestBuiltAgain:
    def test_a_round_leaves_its_address_to_the_newer_build(self, people, bell):
        request, first = first_round(people, bell)

        again = operations.start_preview(request, by=people.bob, force=True)
        bell.work()

        session.refresh(first)
        assert first.status is PreviewStatus.EXPIRED
        assert again.name in routes.find(request.preview_label).directory
        assert routes.find(first.own_label) is None

    def test_what_lost_its_files_is_built_by_itself(self, people, bell):
        request, first = first_round(people, bell)
        shutil.rmtree(installation().checkouts / first.name)

        assert operations.rebuild_what_is_missing() == 1
        bell.work()

        session.refresh(first)
        assert (first.status, first.error_code) == (PreviewStatus.FAILED, "files_missing")
        assert queries.latest_preview(request).is_up


class TestTending:
    def test_sleeps_and_stays_awake_when_it_is_told(self, people, bell):
        request = road.shown_request(people)
        name = queries.latest_preview(request).instance_name

        operations.keep_awake(request, by=people.rae, awake=True)
        assert instance(name).idle_seconds is None
        operations.put_to_sleep(request, by=people.rae)

        assert (instance(name).desired.value, instance(name).idle_seconds) == ("asleep", 900)
        assert queries.latest_preview(request).note == "Rae Requester put it to sleep."

    def test_starts_anew(self, people, bell):
        request = road.shown_request(people)
        name = queries.latest_preview(request).instance_name
        before = instance(name).version

        operations.restart(request, by=people.rae)

        assert (instance(name).version, instance(name).state.value) == (before + 1, "starting")

    def test_stays_longer(self, people, bell):
        request = road.shown_request(people)
        before = queries.latest_preview(request).expires_at

        operations.extend(request, by=people.rae)

        assert (queries.latest_preview(request).expires_at - before).days >= 12

    def test_no_more_run_at_once_than_the_project_says(self, people, bell):
        project = people.project()
        project.most_previews = 1
        first = road.shown_request(people, project=project)
        second = road.shown_request(people, project=project)

        assert operations.keep_within_bounds() == 1

        assert instance(queries.latest_preview(first).instance_name).desired.value == "asleep"
        assert instance(queries.latest_preview(second).instance_name).desired.value == "running"
        assert "at most 1 previews" in queries.latest_preview(first).note

    def test_plain_files_have_no_process_to_care_for(self, people, bell, browse):
        request, _ = first_round(people, bell)

        assert browse(people.rae).post(f"{request.path}/preview/sleep").status_code == 409


def instance(label):
    query = session.query(Instance).filter(Instance.label == label)
    return query.populate_existing().one()
