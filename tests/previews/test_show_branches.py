"""A pushed branch that nobody asked for is shown for a while, and a request can be made of it."""

import subprocess

import pytest

from app.apps import operations as apps
from app.apps.queries import first_app
from app.core.db import session
from app.core.events import announce
from app.engine import routes
from app.previews import operations, queries
from app.previews.models import PreviewStatus
from app.projects import operations as projects
from app.projects.events import PushBegun
from app.projects.queries import repository_of
from app.requests.models import RequestStatus
from tests.support import road


@pytest.fixture
def project(people, bell):
    project = people.project()
    bell.work()
    return project


def push(project, people, branch="idea", text="<p>An idea</p>"):
    return road.push_to(project, branch, by=people.bob, path="index.html", text=text)


def shown(project, branch="idea"):
    return queries.branch_preview(project, branch)


class TestAPush:
    def test_is_shown_at_an_address_of_its_own(self, project, people, bell):
        push(project, people)
        bell.work()

        preview = shown(project)
        route = routes.find(preview.label)
        assert preview.status is PreviewStatus.READY
        assert (route.kind, route.access, route.project_id) == ("static", "private", project.id)
        assert preview.label == f"branch-{queries.mark_of('idea')}--website"
        assert list(operations.disagreements()) == []

    def test_replaces_what_was_shown_before(self, project, people, bell):
        push(project, people)
        bell.work()
        first = shown(project)

        commit = push(project, people, text="<p>A better one</p>")
        bell.work()

        session.refresh(first)
        assert first.status is PreviewStatus.EXPIRED
        assert shown(project).commit_sha == commit
        assert shown(project).name in routes.find(first.label).directory

    def test_is_gone_with_its_branch(self, project, people, bell):
        old = push(project, people)
        bell.work()
        repository_of(project).delete_branch("idea")

        projects.note_moves(project, [("refs/heads/idea", old, None)], by=people.bob)
        bell.work()

        assert shown(project).status is PreviewStatus.EXPIRED
        assert routes.find(shown(project).label).kind == "gone"

    def test_that_nobody_heard_of_is_settled_by_the_schedule(self, project, people, bell):
        push(project, people)
        bell.work()
        repository_of(project).delete_branch("idea")

        assert operations.settle_branches() == 1
        assert shown(project).note == "The branch was deleted."

    def test_shows_five_at_once(self, project, people, bell):
        for number in range(6):
            push(project, people, f"idea-{number}")
            bell.work()

        assert len(queries.open_branch_previews(project)) == operations.branches.MOST_BRANCHES
        assert "newer branches" in shown(project, "idea-0").note

    def test_is_left_alone_where_the_project_says_so(self, project, people, bell):
        project.shows_branches = False

        push(project, people)

        assert shown(project) is None

    def test_to_a_version_of_the_app_is_no_question(self, project, people, bell):
        fork = apps.fork_version(first_app(project), by=people.bob)

        push(project, people, fork.branch)

        assert shown(project, fork.branch) is None
        assert queries.unasked_branches(project) == []

    def test_that_cannot_be_built_says_why(self, project, people, bell, browse):
        repository = repository_of(project)
        repository.create_branch("idea", at=repository.head("main"))
        files = dict.fromkeys(repository.files("main"))
        commit = repository.commit_files(
            "idea",
            {**files, "notes.txt": b"nothing to run"},
            message="Try something",
            author=projects.signature_of(people.bob),
            parent=repository.head("main"),
        )
        projects.note_moves(project, [("refs/heads/idea", None, commit)], by=people.bob)
        bell.work()

        page = browse(people.vic).get("/acme/website/branches").text

        assert (shown(project).status, shown(project).error_code) == (PreviewStatus.FAILED, "no_plan")
        assert "Why it failed" in page


class TestWhatThePusherReads:
    def test_names_the_address_and_where_to_ask(self, project, people):
        fact = PushBegun(project, people.bob)
        announce(fact)
        notes = fact.notes

        assert "Preview: http://branch-@branch@--website.preview.greenroom.test" in notes["*"]
        assert "Make a request of it: http://greenroom.test/acme/website/branches" in notes["*"]

    def test_has_the_mark_that_git_gives(self):
        said = subprocess.run(
            ["git", "hash-object", "--stdin"], input=b"feature/caf\xc3\xa9", capture_output=True, check=True
        )

        assert said.stdout.decode()[:8] == queries.mark_of("feature/café")


class TestARequestOfIt:
    def test_stands_where_it_is_tried(self, project, people, bell, browse):
        commit = push(project, people)
        bell.work()
        before = shown(project)

        answer = browse(people.ada).post(
            "/acme/website/branches/request", {"branch": "idea", "title": "A larger headline"}
        )
        bell.work()

        request = queries.latest_preview(road_request(project)).request
        session.refresh(before)
        assert (answer.status_code, answer.location) == (303, request.path)
        assert (request.status, request.title) == (RequestStatus.IN_REVIEW, "A larger headline")
        assert (request.requester, request.branch_name, request.commit_sha) == (people.bob, "idea", commit)
        assert queries.latest_preview(request).is_up
        assert before.status is PreviewStatus.EXPIRED
        assert queries.unasked_branches(project) == []
        assert browse(people.bob).get(request.path).status_code == 200

    def test_is_made_once(self, project, people, bell, browse):
        push(project, people)
        sent = {"branch": "idea", "title": "Once"}
        browse(people.bob).post("/acme/website/branches/request", sent)

        again = browse(people.bob).post("/acme/website/branches/request", sent)

        assert again.status_code == 422
        assert "belongs to a request already" in again.text

    def test_by_programs(self, project, people, bell, api):
        push(project, people)
        bell.work()
        path, key = f"/projects/{project.id}/branches", people.key(people.bob)

        listed = api("GET", path, key).json["data"]
        made = api("POST", path, key, json={"branch": "idea", "title": "Larger"})

        assert [(each["branch"], each["status"]) for each in listed] == [("idea", "ready")]
        assert (made.status_code, made.json["data"]["status"]) == (201, "in_review")


class TestThePage:
    def test_offers_the_request_to_developers_alone(self, project, people, bell, browse):
        push(project, people)

        assert "Make a request of it" in browse(people.bob).get("/acme/website/branches").text
        assert "Make a request of it" not in browse(people.rae).get("/acme/website/branches").text

    def test_polls_while_it_waits_and_stops_by_itself(self, project, people, bell, browse):
        push(project, people)
        waiting = browse(people.bob).htmx("GET", "/acme/website/branches").text
        bell.work()
        final = browse(people.bob).htmx("GET", "/acme/website/branches").text

        assert 'hx-trigger="every ' in waiting
        assert "hx-trigger" not in final


def road_request(project):
    from app.requests.models import ProductRequest

    return session.query(ProductRequest).filter_by(project_id=project.id).one()
