import uuid

import pytest

from app.requests.models import RequestStatus, WorkflowAction
from app.requests.operations import move


@pytest.fixture
def project(people):
    return people.project()


class TestFile:
    def test_gives_all_that_the_contract_says(self, people, project, api):
        body = {
            "title": "Show opening hours",
            "description": "On the start page",
            "type": "bug",
            "priority": "high",
        }

        answer = api("POST", f"/projects/{project.id}/requests", people.key(people.rae), json=body)

        request = answer.json["data"]
        assert answer.status_code == 201
        assert list(request)[:22] == [
            *(
                "id",
                "number",
                "projectId",
                "organizationId",
                "title",
                "description",
                "type",
                "priority",
                "status",
            ),
            *(
                "requester",
                "assignee",
                "labels",
                "gherkinCriteria",
                "agentPrompt",
                "branchName",
                "previewUrl",
            ),
            *("pullRequestUrl", "workItemUrl", "turn", "round"),
            *list(request)[20:22],
        ]
        assert request["requester"] == {"id": str(people.rae.id), "name": "Rae Requester"}
        assert (request["number"], request["status"], request["type"], request["round"]) == (
            1,
            "draft",
            "bug",
            0,
        )
        assert (request["turn"]["role"], request["turn"]["userId"]) == ("requester", str(people.rae.id))
        assert request["turn"]["since"].endswith("Z")
        assert (request["assignee"], request["labels"], request["agentPrompt"]) == (None, [], None)
        assert api("GET", f"/requests/{request['id']}", people.key(people.vic)).json["data"] == request

    @pytest.mark.parametrize(
        ("body", "place"),
        [
            ({}, "title"),
            ({"title": ""}, "title"),
            ({"title": "x" * 201}, "title"),
            ({"title": "x", "description": "y" * 20_001}, "description"),
            ({"title": "x", "type": "wish"}, "type"),
            ({"title": "x", "labelIds": [str(uuid.uuid4())]}, "labelIds"),
        ],
    )
    def test_names_what_does_not_hold(self, people, project, api, body, place):
        answer = api("POST", f"/projects/{project.id}/requests", people.key(people.rae), json=body)

        assert (answer.status_code, answer.json["type"]) == (422, "invalid")
        assert answer.json["errors"][0]["loc"] == ["body", place]

    @pytest.mark.parametrize(("who", "status"), [("vic", 403), ("eve", 404)])
    def test_is_for_requesters(self, people, project, api, who, status):
        key = people.key(getattr(people, who), organization=people.elsewhere if who == "eve" else None)

        answer = api("POST", f"/projects/{project.id}/requests", key, json={"title": "x"})

        assert answer.status_code == status

    def test_needs_the_scope_to_write(self, people, project, api):
        key = people.key(people.rae, "read")

        assert api("POST", f"/projects/{project.id}/requests", key, json={"title": "x"}).status_code == 403


class TestList:
    def test_gives_pages_and_narrows(self, people, project, api):
        for title in ("Opening hours", "Bigger headline", "50% off"):
            people.request(project, title=title)
        key = people.key(people.vic)

        def titles(query=""):
            answer = api("GET", f"/projects/{project.id}/requests?{query}", key)
            return [one["title"] for one in answer.json["data"]]

        assert titles() == ["50% off", "Bigger headline", "Opening hours"]
        assert titles("limit=2&page=2") == ["Opening hours"]
        assert titles("q=headline") == ["Bigger headline"]
        assert titles("q=%25") == ["50% off"]
        assert titles("status=merged") == []
        assert api("GET", f"/projects/{project.id}/requests?status=done", key).status_code == 422

    def test_does_not_exist_for_a_stranger(self, people, project, api):
        key = people.key(people.eve, organization=people.elsewhere)

        assert api("GET", f"/projects/{project.id}/requests", key).status_code == 404


class TestChange:
    def test_changes_what_is_sent(self, people, project, api):
        request = people.request(project)

        answer = api("PUT", f"/requests/{request.id}", people.key(people.rae), json={"priority": "urgent"})

        assert (answer.json["data"]["priority"], answer.json["data"]["title"]) == (
            "urgent",
            "Show opening hours",
        )

    def test_says_when_somebody_was_faster(self, people, project, api):
        request = people.request(project)
        key, seen = people.key(people.rae), request.version
        api("PUT", f"/requests/{request.id}", key, json={"title": "Mine"})

        answer = api("PUT", f"/requests/{request.id}", key, json={"title": "Too late", "version": seen})

        assert (answer.status_code, answer.json["type"]) == (409, "conflict")

    def test_keeps_the_words_once_the_work_began(self, people, project, api):
        request = people.request(project)
        move(request, WorkflowAction.COMPLETE_INTERVIEW, by=people.rae)
        move(request, WorkflowAction.START_DEVELOPMENT, by=people.bob)

        answer = api("PUT", f"/requests/{request.id}", people.key(people.rae), json={"title": "Other"})

        assert answer.status_code == 409
        assert request.status is RequestStatus.IN_DEVELOPMENT

    @pytest.mark.parametrize(("who", "status"), [("bob", 200), ("vic", 403), ("eve", 404)])
    def test_is_for_whose_it_is_and_developers(self, people, project, api, who, status):
        request = people.request(project)
        key = people.key(getattr(people, who), organization=people.elsewhere if who == "eve" else None)

        assert api("PUT", f"/requests/{request.id}", key, json={"title": "New"}).status_code == status


class TestAssign:
    def test_names_somebody_and_nobody(self, people, project, api):
        request, key = people.request(project), people.key(people.bob)

        named = api("POST", f"/requests/{request.id}/assign", key, json={"userId": str(people.bob.id)})
        nobody = api("POST", f"/requests/{request.id}/assign", key, json={"userId": None})

        assert named.json["data"]["assignee"] == {"id": str(people.bob.id), "name": "Bob Builder"}
        assert nobody.json["data"]["assignee"] is None

    @pytest.mark.parametrize("who", ["eve", "vic"])
    def test_names_nobody_who_cannot_take_part(self, people, project, api, who):
        request = people.request(project)
        body = {"userId": str(getattr(people, who).id)}

        assert (
            api("POST", f"/requests/{request.id}/assign", people.key(people.bob), json=body).status_code
            == 422
        )

    @pytest.mark.parametrize(("who", "status"), [("rae", 403), ("eve", 404)])
    def test_is_for_developers(self, people, project, api, who, status):
        request = people.request(project)
        key = people.key(getattr(people, who), organization=people.elsewhere if who == "eve" else None)

        assert api("POST", f"/requests/{request.id}/assign", key, json={"userId": None}).status_code == status


class TestActivity:
    def test_is_said_and_listed_newest_first(self, people, project, api):
        request, key = people.request(project), people.key(people.rae)

        said = api("POST", f"/requests/{request.id}/activity", key, json={"text": "In the footer, too"})
        listed = api("GET", f"/requests/{request.id}/activity", key).json

        assert said.status_code == 201
        assert [(one["type"], one["text"]) for one in listed["data"]] == [
            ("comment", "In the footer, too"),
            ("system", "asked for this"),
        ]
        assert listed["data"][0]["actor"]["name"] == "Rae Requester"
        assert listed["meta"]["total"] == 2

    def test_takes_nothing_that_only_happens(self, people, project, api):
        request = people.request(project)
        body = {"type": "status_change", "text": "merged, honestly"}

        assert (
            api("POST", f"/requests/{request.id}/activity", people.key(people.rae), json=body).status_code
            == 422
        )

    @pytest.mark.parametrize(("who", "status"), [("vic", 403), ("eve", 404)])
    def test_is_for_requesters(self, people, project, api, who, status):
        request = people.request(project)
        key = people.key(getattr(people, who), organization=people.elsewhere if who == "eve" else None)

        assert api("POST", f"/requests/{request.id}/activity", key, json={"text": "x"}).status_code == status
