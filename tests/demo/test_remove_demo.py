import pytest
from sqlalchemy import select

from app.accounts.models import User
from app.core import jobs
from app.core.db import session
from app.core.errors import Conflict, NotAllowed
from app.demo import operations as demos
from app.demo import queries, stories
from app.demo.models import DemoStatus
from app.engine.routes import Route
from app.notifications.models import Notification
from app.projects import operations as projects
from app.projects.models import Project
from app.requests import operations as requests
from app.requests.models import Label, ProductRequest


def until_gone(demo_id, bell):
    """Do what the schedule and the workers would."""
    for _ in range(5):
        bell.work(300)
        if queries.demo(demo_id) is None:
            return
        demos.go_on()
    raise AssertionError("the sample did not go")


class TestRemove:
    def test_takes_everything_of_it_and_nothing_else(self, sample, people, bell, browse):
        mine = people.request()
        project = queries.sample_project(people.organization.id)
        project_id, repository = project.id, project.repository_path

        answer = browse(people.ada).post("/acme/demo/removal")
        until_gone(sample.id, bell)

        assert answer.status_code == 303
        assert session.scalars(select(Project)).all() == [mine.project]
        assert session.scalars(select(ProductRequest)).all() == [mine]
        assert session.scalars(select(User).where(User.is_sample)).all() == []
        assert not session.scalars(select(Route).where(Route.project_id == project_id)).all()
        assert not session.scalars(select(Notification).where(Notification.path.contains("pedal-post"))).all()
        assert not repository.exists()
        assert mine.project.repository_path.exists()

    def test_takes_its_labels_but_no_other(self, people, bell):
        own = requests.create_label(people.organization.id, by=people.ada, name="prices", color="#123456")
        demo = demos.look_around(people.organization, by=people.ada)
        bell.work(300)
        labels = {label.name: label for label in session.scalars(select(Label))}
        assert set(labels) == {*stories.LABELS, own.name} - {"Prices"}
        mine = people.request()
        requests.add_label(mine, labels["Phone"], by=people.ada)

        demos.take_away(queries.demo(demo.id), by=people.ada)
        until_gone(demo.id, bell)

        assert sorted(session.scalars(select(Label.name))) == ["Phone", "prices"]

    def test_can_be_made_again(self, sample, people, bell):
        demos.take_away(sample, by=people.ada)
        until_gone(sample.id, bell)

        again = demos.look_around(people.organization, by=people.ada)
        bell.work(300)

        assert queries.demo(again.id).status is DemoStatus.READY

    def test_waits_for_what_still_runs(self, people, bell):
        demo = demos.look_around(people.organization, by=people.ada)
        jobs.perform(bell.runs.pop(0))
        demos.take_away(queries.demo(demo.id), by=people.ada)

        demos.clear(demo.id)

        assert queries.sample_project(people.organization.id).is_archived
        until_gone(demo.id, bell)

    def test_says_on_the_page_that_it_goes(self, sample, people, browse):
        browser = browse(people.ada)
        browser.post("/acme/demo/removal")

        assert "The sample is being taken away." in browser.get("/acme/demo").text
        assert browser.post("/acme/demo/removal").status_code == 303

    def test_is_not_there_to_remove_twice(self, people, browse):
        assert browse(people.ada).post("/acme/demo/removal").status_code == 404


class TestEraseProject:
    def test_only_one_that_rests(self, people):
        with pytest.raises(Conflict):
            projects.erase_project(people.project(), by=people.ada)

    def test_only_by_an_admin(self, people):
        project = people.project()
        projects.archive_project(project, by=people.ada)

        with pytest.raises(NotAllowed):
            projects.erase_project(project, by=people.bob)
