"""Labels: made in an organization, put on requests, looked for."""

from uuid import uuid4

import pytest

from app.core import db
from app.requests import operations as requests
from app.requests.models import ActivityType, Label
from app.requests.queries import all_labels_of, story_of


@pytest.fixture
def project(people):
    return people.project()


@pytest.fixture
def label(people):
    """Return a way to a label: `label("office")`."""

    def make(name: str = "office", color: str = "#7a5af0") -> Label:
        return requests.create_label(people.organization.id, by=people.ada, name=name, color=color)

    return make


def names(request) -> list[str]:
    db.session.expire_all()
    return [label.name for label in request.labels]


class TestMake:
    def test_keeps_what_the_contract_says(self, people, api):
        path, body = f"/organizations/{people.organization.id}/labels", {"name": " Office ", "color": "#FE0"}

        made = api("POST", path, people.key(people.ada), json=body)

        assert made.status_code == 201
        label = made.json["data"]
        assert (label["name"], label["color"], label["textColor"]) == ("Office", "#ffee00", "#000000")
        assert label["organizationId"] == str(people.organization.id)
        assert api("GET", path, people.key(people.vic)).json["data"] == [label]
        assert api("GET", f"{path}/{label['id']}", people.key(people.vic)).json["data"] == label

    @pytest.mark.parametrize(
        ("body", "place"),
        [
            ({"color": "#123456"}, "name"),
            ({"name": "", "color": "#123456"}, "name"),
            ({"name": "x" * 51, "color": "#123456"}, "name"),
            ({"name": "OFFICE", "color": "#123456"}, "name"),
            ({"name": "Shop"}, "color"),
            ({"name": "Shop", "color": "red"}, "color"),
            ({"name": "Shop", "color": "#123456", "description": "x" * 201}, "description"),
        ],
    )
    def test_names_what_does_not_hold(self, people, api, label, body, place):
        label("office")

        answer = api(
            "POST", f"/organizations/{people.organization.id}/labels", people.key(people.ada), json=body
        )

        assert (answer.status_code, answer.json["errors"][0]["loc"]) == (422, ["body", place])
        assert [each.name for each in all_labels_of(people.organization.id)] == ["office"]

    @pytest.mark.parametrize(("who", "status"), [("bob", 403), ("vic", 403), ("eve", 404)])
    def test_is_for_admins(self, people, api, who, status):
        key = people.key(getattr(people, who), organization=people.elsewhere if who == "eve" else None)
        path = f"/organizations/{people.organization.id}/labels"

        answer = api("POST", path, key, json={"name": "office", "color": "#123456"})

        assert answer.status_code == status
        assert all_labels_of(people.organization.id) == []

    def test_has_an_end(self, people, label, monkeypatch):
        monkeypatch.setattr(requests.labels, "MOST_LABELS", 1)
        label("office")

        with pytest.raises(requests.labels.Conflict, match="already"):
            label("shop")


class TestChange:
    def test_changes_what_is_sent(self, people, api, label):
        office = label("office")
        path = f"/organizations/{people.organization.id}/labels/{office.id}"

        answer = api("PATCH", path, people.key(people.ada), json={"name": "OFFICE", "description": "Theirs"})

        assert answer.json["data"]["name"] == "OFFICE"
        assert (office.description, office.color) == ("Theirs", "#7a5af0")

    def test_takes_no_name_of_another(self, people, api, label):
        label("shop")
        path = f"/organizations/{people.organization.id}/labels/{label('office').id}"

        assert api("PATCH", path, people.key(people.ada), json={"name": "Shop"}).status_code == 422

    @pytest.mark.parametrize(("who", "status"), [("bob", 403), ("eve", 404)])
    @pytest.mark.parametrize("method", ["PATCH", "DELETE"])
    def test_is_for_admins(self, people, api, label, who, status, method):
        key = people.key(getattr(people, who), organization=people.elsewhere if who == "eve" else None)
        path = f"/organizations/{people.organization.id}/labels/{label().id}"

        assert api(method, path, key, json={}).status_code == status
        assert len(all_labels_of(people.organization.id)) == 1

    def test_is_gone_from_requests_as_well(self, people, project, api, label):
        request, office = people.request(project), label("office")
        requests.add_label(request, office, by=people.rae)
        path = f"/organizations/{people.organization.id}/labels/{office.id}"

        assert api("DELETE", path, people.key(people.ada)).status_code == 204
        assert names(request) == []
        assert api("GET", path, people.key(people.ada)).status_code == 404


class TestPut:
    def test_adds_replaces_and_removes(self, people, project, api, label):
        request, key = people.request(project), people.key(people.rae)
        office, shop, path = label("office"), label("shop"), f"/requests/{request.id}/labels"

        added = api("POST", path, key, json={"labelId": str(office.id)})
        replaced = api("PUT", path, key, json={"labelIds": [str(shop.id), str(office.id)]})
        removed = api("DELETE", f"{path}/{office.id}", key)

        assert (added.status_code, [each["name"] for each in added.json["data"]]) == (201, ["office"])
        assert [each["name"] for each in replaced.json["data"]] == ["office", "shop"]
        assert removed.status_code == 204
        assert [each["name"] for each in api("GET", path, key).json["data"]] == ["shop"]
        assert [(each.type, each.text) for each in story_of(request, 3)] == [
            (ActivityType.LABEL, "took the label office off"),
            (ActivityType.LABEL, "added the label shop"),
            (ActivityType.LABEL, "added the label office"),
        ]

    def test_leaves_nothing_where_nothing_changed(self, people, project, label):
        request, office = people.request(project), label()
        requests.add_label(request, office, by=people.rae)
        told = len(story_of(request))

        requests.add_label(request, office, by=people.rae)

        assert len(story_of(request)) == told

    def test_comes_with_a_request_and_is_changed_with_it(self, people, project, api, label):
        office, shop, key = label("office"), label("shop"), people.key(people.rae)
        body = {"title": "More light", "labelIds": [str(office.id)]}

        made = api("POST", f"/projects/{project.id}/requests", key, json=body).json["data"]
        changed = api("PUT", f"/requests/{made['id']}", key, json={"labelIds": [str(shop.id)]}).json["data"]

        assert made["labels"] == [{"id": str(office.id), "name": "office", "color": "#7a5af0"}]
        assert [each["name"] for each in changed["labels"]] == ["shop"]
        assert changed["title"] == "More light"

    @pytest.mark.parametrize("of", ["nobody", "another organization"])
    def test_takes_only_labels_of_the_organization(self, people, project, api, of):
        request = people.request(project)
        foreign = requests.create_label(people.elsewhere.id, by=people.eve, name="x", color="#123456")
        wanted = str(uuid4() if of == "nobody" else foreign.id)
        key, path = people.key(people.rae), f"/requests/{request.id}/labels"

        assert api("POST", path, key, json={"labelId": wanted}).status_code == 422
        assert api("PUT", path, key, json={"labelIds": [wanted]}).status_code == 422
        assert api("DELETE", f"{path}/{wanted}", key).status_code == 404
        assert names(request) == []

    @pytest.mark.parametrize(("who", "status"), [("bob", 201), ("vic", 403), ("eve", 404)])
    def test_is_for_who_may_edit_it(self, people, project, api, label, who, status):
        request = people.request(project)
        key = people.key(getattr(people, who), organization=people.elsewhere if who == "eve" else None)

        answer = api("POST", f"/requests/{request.id}/labels", key, json={"labelId": str(label().id)})

        assert answer.status_code == status
        assert names(request) == (["office"] if status == 201 else [])

    def test_is_not_for_requesters_where_it_is_not_theirs(self, people, project, api, label):
        request = people.request(project, by=people.bob)
        body = {"labelId": str(label().id)}

        assert (
            api("POST", f"/requests/{request.id}/labels", people.key(people.rae), json=body).status_code
            == 403
        )


class TestFind:
    def test_narrows_the_list(self, people, project, api, label):
        office, key = label(), people.key(people.vic)
        requests.add_label(people.request(project, title="With"), office, by=people.bob)
        people.request(project, title="Without")

        answer = api("GET", f"/projects/{project.id}/requests?labelId={office.id}", key)

        assert [(each["title"], each["labels"][0]["name"]) for each in answer.json["data"]] == [
            ("With", "office")
        ]
        assert answer.json["meta"]["total"] == 1
