"""What is merged says truly how far it is: on its way, live since a moment, held, or failed with the reason."""

import pytest

from app.apps import operations as apps
from app.apps import queries as deploys
from app.core.errors import Conflict, NotAllowed
from app.projects import operations as projects
from app.projects.queries import repository_of
from app.requests.models import Delivery, RequestStatus, TurnRole
from app.requests.queries import story_of
from app.reviews import operations, queries
from tests.support.road import accepted_request, push_to


def merged_request(people, **more):
    request = accepted_request(people, **more)
    operations.open_and_merge(request, by=people.bob)
    return request


def live_request(people, bell, **more):
    request = merged_request(people, **more)
    bell.work()
    return request


class TestMergeInOneStep:
    def test_opens_and_merges(self, people, bell):
        request = merged_request(people)

        pull = queries.pull_request_of(request)
        assert (pull.opened_by, pull.merged_by) == (people.bob, people.bob)
        assert request.status is RequestStatus.MERGED
        assert request.merged_commit == pull.merge_sha == repository_of(request.project).head("main")

    def test_opens_nothing_that_does_not_merge(self, people, bell):
        request = accepted_request(people)
        push_to(request.project, "main", by=people.ada, path="hours.html", text="closed")

        with pytest.raises(Conflict, match=r"hours\.html"):
            operations.open_and_merge(request, by=people.bob)

        assert request.status is RequestStatus.IN_REVIEW
        assert queries.pull_request_of(request) is None

    def test_second_one_is_told(self, people, bell):
        request = merged_request(people)

        with pytest.raises(Conflict, match="merged already"):
            operations.open_and_merge(request, by=people.ada)

    def test_page_offers_it_once(self, people, bell, browse):
        request = accepted_request(people)

        page = browse(people.bob).get(f"{request.path}/work").text

        assert page.count("Merge it") == 1
        assert "Watch the work" not in page


class TestGoLive:
    def test_is_live_only_once_its_deploy_is(self, people, bell, browse):
        request = merged_request(people)
        assert (request.delivery, request.turn_role) == (Delivery.UNDER_WAY, TurnRole.SYSTEM)
        assert "It is being put live." in browse(people.rae).get(request.path).text

        bell.work()

        app = deploys.first_app(request.project)
        assert (request.delivery, request.turn_role) == (Delivery.LIVE, TurnRole.NOBODY)
        assert request.live_at == deploys.live_deploy(app).live_at
        page = browse(people.rae).get(request.path).text
        assert "Live since" in page
        assert app.url in page
        assert browse(people.rae).get(f"/api/requests/{request.id}").json["data"]["delivery"] == "live"

    def test_what_cannot_be_built_says_why(self, people, bell, browse):
        project = people.project()
        bell.work()
        request = accepted_request(people, project=project)
        push_to(project, "main", by=people.ada, path="greenroom.toml", text='[build]\ncommand = "false"\n')
        operations.open_and_merge(request, by=people.bob)

        bell.work()

        assert (request.delivery, request.turn_role) == (Delivery.FAILED, TurnRole.DEVELOPER)
        page = browse(people.bob).get(request.path).text
        assert "did not go live" in page
        assert "Try again" in page
        assert "A developer looks after it." in browse(people.rae).get(request.path).text
        push_to(project, "main", by=people.ada, path="greenroom.toml", text="")
        assert request.delivery is Delivery.UNDER_WAY
        bell.work()
        assert request.delivery is Delivery.LIVE

    def test_waits_for_a_developer_where_nothing_goes_live_by_itself(self, people, bell, browse):
        project = people.project()
        projects.go_live_by_itself(project, by=people.ada, auto_deploy=False)
        request = live_request(people, bell, project=project)
        assert (request.delivery, request.turn_role) == (Delivery.HELD, TurnRole.DEVELOPER)
        assert "Put it live" in browse(people.bob).get(request.path).text
        assert apps.catch_up() == 0

        assert browse(people.bob).post(f"{project.path}/live").status_code == 303
        bell.work()

        assert request.delivery is Delivery.LIVE

    def test_goes_off_with_an_earlier_version(self, people, bell, browse):
        project = people.project()
        bell.work()
        first = deploys.live_deploy(deploys.first_app(project))
        request = live_request(people, bell, project=project)
        address = f"{project.path}/live/deploys/{first.id}/return"
        assert browse(people.rae).post(address).status_code == 403
        assert browse(people.eve).post(address).status_code == 404

        assert browse(people.bob).post(address).status_code == 303
        bell.work()

        assert (request.delivery, request.live_at) == (Delivery.HELD, None)
        assert story_of(request, 1)[0].text == "put an earlier version live, without this"
        assert apps.disagreements() == []
        assert "further than what is live" in browse(people.bob).get(f"{project.path}/live").text

    def test_only_what_was_live_comes_back(self, people, bell):
        project = people.project()
        app = deploys.first_app(project)
        waiting = deploys.latest_deploy(app)
        with pytest.raises(Conflict, match="never live"):
            apps.put_back(waiting, by=people.bob)

        bell.work()

        with pytest.raises(Conflict, match="live already"):
            apps.put_back(deploys.live_deploy(app), by=people.bob)
        with pytest.raises(NotAllowed):
            apps.put_back(deploys.live_deploy(app), by=people.rae)

    def test_history_names_commit_request_and_who(self, people, bell, browse):
        request = live_request(people, bell)

        page = browse(people.vic).get(f"{request.project.path}/live").text

        assert f'href="{request.path}">#{request.number} {request.title}' in page
        assert "Bob Builder" in page
        assert request.merged_commit[:8] in page
        assert "Put this one live again" not in page


class TestSetting:
    @pytest.mark.parametrize(("who", "expected"), [("ada", 303), ("bob", 403), ("vic", 403), ("eve", 404)])
    def test_is_the_admins(self, people, browse, who, expected):
        project = people.project()

        answer = browse(getattr(people, who)).post(f"{project.path}/settings/going-live")

        assert answer.status_code == expected
        assert project.auto_deploy is (who != "ada")


class TestTakeMainIn:
    def test_is_tried_and_accepted_anew(self, people, bell):
        request = accepted_request(people)
        main = push_to(request.project, "main", by=people.ada, path="news.html", text="<p>New</p>")
        assert queries.mergeability(request).behind

        commit = operations.take_main_in(request, by=people.bob)

        assert request.commit_sha == commit
        assert not request.is_accepted
        assert repository_of(request.project).has(commit, main)
        assert not queries.mergeability(request).behind
        with pytest.raises(Conflict, match="all of main already"):
            operations.take_main_in(request, by=people.bob)

    def test_names_what_stands_in_the_way(self, people, bell, browse):
        request = accepted_request(people)
        push_to(request.project, "main", by=people.ada, path="hours.html", text="closed")

        with pytest.raises(Conflict, match=r"hours\.html"):
            operations.take_main_in(request, by=people.bob)

        work = browse(people.bob).get(f"{request.path}/work").text
        assert "git merge origin/main" in work
        assert "Yes, do it" not in work

    def test_requester_does_not(self, people, bell):
        with pytest.raises(NotAllowed):
            operations.take_main_in(accepted_request(people), by=people.rae)
