"""Where else a request is kept: a link to another tool."""

import pytest

from app.core.errors import NotAllowed
from app.requests import operations as requests


@pytest.fixture
def request_(people):
    return people.request()


class TestWorkItem:
    def test_is_a_link_on_the_rail(self, people, request_, browse):
        rae, url = browse(people.rae), "https://tracker.example/browse/SHOP-12?x=1"

        answer = rae.post(f"{request_.path}/work-item", {"work_item_url": url})

        assert (answer.status_code, answer.location) == (303, request_.path)
        assert request_.work_item_url == url
        assert f'href="{url}" target="_blank" rel="noopener noreferrer"' in rae.get(request_.path).text

    def test_is_taken_away(self, people, request_, browse):
        requests.edit_request(request_, by=people.rae, work_item_url="https://tracker.example/1")

        browse(people.rae).post(f"{request_.path}/work-item", {"work_item_url": ""})

        assert request_.work_item_url is None

    @pytest.mark.parametrize(
        "url",
        [
            "javascript:alert(1)",
            "ftp://x.example",
            "tracker.example/1",
            "https://",
            "http://[",
            "https://a b/",
        ],
    )
    def test_is_an_address_of_a_page(self, people, request_, browse, url):
        answer = browse(people.rae).post(f"{request_.path}/work-item", {"work_item_url": url})

        assert answer.status_code == 422
        assert "beginning with https:// or http://" in answer.text
        assert request_.work_item_url is None

    def test_is_not_for_who_may_only_look(self, people, request_):
        with pytest.raises(NotAllowed):
            requests.edit_request(request_, by=people.vic, work_item_url="https://tracker.example/1")
        assert request_.work_item_url is None

    def test_is_changed_by_the_api(self, people, request_, api):
        key, path = people.key(people.rae), f"/requests/{request_.id}"

        kept = api("PUT", path, key, json={"workItemUrl": "http://tracker.example/1"}).json["data"]
        same = api("PUT", path, key, json={"title": "Other words"}).json["data"]
        gone = api("PUT", path, key, json={"workItemUrl": ""}).json["data"]
        wrong = api("PUT", path, key, json={"workItemUrl": "javascript:alert(1)"})

        assert kept["workItemUrl"] == same["workItemUrl"] == "http://tracker.example/1"
        assert gone["workItemUrl"] is None
        assert (wrong.status_code, wrong.json["errors"][0]["loc"]) == (422, ["body", "workItemUrl"])
