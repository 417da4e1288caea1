"""A host name leads to an app once its owner said so in the DNS; what cannot be one is refused with a reason."""

from datetime import timedelta

import pytest

from app.apps import operations, queries
from app.apps.models import DomainStatus
from app.core.db import session
from app.core.errors import Conflict, Invalid, NotAllowed
from app.engine import routes
from app.integrations.resolver import Found
from tests.apps.road import built, held_app

HOST = "shop.example.com"


class Book:
    """Records as a test writes them down."""

    def __init__(self, texts=None, aliases=None):
        self._texts, self._aliases = texts or {}, aliases or {}

    def texts(self, name):
        return Found(texts=self._texts.get(name, ()), trouble="there is no such name")

    def alias(self, name):
        return Found(alias=self._aliases.get(name, ""), trouble="it has no CNAME record")


class TestAttach:
    def test_waits_until_a_record_is_there_and_then_leads_to_the_app(self, people, bell):
        app = held_app(people, bell)

        domain = operations.attach_domain(app, by=people.ada, hostname=" Shop.Example.com. ")
        operations.look_at(domain.id, Book())

        assert (domain.hostname, domain.status) == (HOST, DomainStatus.PENDING)
        assert "there is no such name" in domain.last_error
        assert f"Set the TXT record _greenroom.{HOST} to {domain.text_value}" in domain.last_error
        assert routes.find(HOST) is None

        operations.look_at(domain.id, Book(texts={domain.text_name: ("else", domain.text_value)}))

        session.refresh(domain)
        assert (domain.status, domain.last_error) == (DomainStatus.ACTIVE, None)
        assert queries.is_served(HOST)
        assert routes.find(HOST).directory == routes.find(app.handle).directory
        assert routes.address_of(HOST) == f"http://{HOST}"

    def test_a_cname_is_enough_and_a_new_deploy_is_seen_there_too(self, people, bell):
        app = held_app(people, bell)
        domain = operations.attach_domain(app, by=people.ada, hostname=HOST)
        target = f"{app.handle}.preview.greenroom.test"
        operations.look_at(domain.id, Book(aliases={HOST: f"{target}."}))

        operations.deploy_build(built(app, bell, by=people.bob, index_html=b"second"), by=people.bob)
        bell.work()

        assert domain.target == target
        assert routes.find(HOST).directory == routes.find(app.handle).directory

    def test_the_way_that_is_missing_is_named(self, people, bell):
        app = held_app(people, bell)
        domain = operations.attach_domain(app, by=people.ada, hostname=HOST)

        book = Book(texts={domain.text_name: ("greenroom=old",)}, aliases={HOST: "elsewhere.test"})
        operations.look_at(domain.id, book)

        assert "has another TXT record" in domain.last_error
        assert "is a CNAME for elsewhere.test" in domain.last_error

    def test_is_given_up_after_three_days_and_can_be_looked_for_again(self, people, bell, monkeypatch):
        app = held_app(people, bell)
        domain = operations.attach_domain(app, by=people.ada, hostname=HOST)
        monkeypatch.setattr("app.apps.operations.domains.PATIENCE", timedelta(0))
        operations.look_at(domain.id, Book())
        assert domain.status is DomainStatus.FAILED
        assert queries.waiting_domains() == []

        assert operations.check_again(app, by=people.ada).status is DomainStatus.PENDING
        assert queries.waiting_domains() == [domain]

    def test_another_one_takes_its_place(self, people, bell):
        app = held_app(people, bell)
        domain = operations.attach_domain(app, by=people.ada, hostname=HOST)
        operations.look_at(domain.id, Book(texts={domain.text_name: (domain.text_value,)}))

        operations.attach_domain(app, by=people.ada, hostname="www.example.com")

        assert queries.domain_of(app).hostname == "www.example.com"
        assert routes.find(HOST) is None
        assert not queries.is_served(HOST)

    @pytest.mark.parametrize(
        ("hostname", "kind"),
        [
            ("*.example.com", "wildcard"),
            ("example.com", "apex"),
            ("example.co.uk", "apex"),
            ("greenroom.test", "apex"),
            ("www.greenroom.test", "reserved"),
            ("website.preview.greenroom.test", "reserved"),
            ("http://shop.example.com/", "hostname"),
            ("shop .example.com", "hostname"),
            ("10.0.0.1", "hostname"),
            (f"{'y' * 64}.example.com", "hostname"),
            ("", "hostname"),
        ],
    )
    def test_what_cannot_be_one_is_refused(self, people, bell, hostname, kind):
        app = queries.first_app(people.project())

        with pytest.raises(Invalid) as refused:
            operations.attach_domain(app, by=people.ada, hostname=hostname)

        assert refused.value.errors[0]["type"] == kind
        assert queries.domain_of(app) is None

    def test_one_that_another_app_has_is_refused(self, people, bell):
        first = queries.first_app(people.project("First"))
        second = queries.first_app(people.project("Second"))
        operations.attach_domain(first, by=people.ada, hostname=HOST)

        with pytest.raises(Conflict, match="attached to another app"):
            operations.attach_domain(second, by=people.ada, hostname=HOST)

    def test_is_for_admins(self, people, bell):
        app = queries.first_app(people.project())

        for act in (
            lambda who: operations.attach_domain(app, by=who, hostname=HOST),
            lambda who: operations.detach_domain(app, by=who),
            lambda who: operations.check_again(app, by=who),
        ):
            for somebody in (people.bob, people.vic, people.eve):
                with pytest.raises(NotAllowed):
                    act(somebody)


class TestDetach:
    def test_nothing_is_found_there_any_more(self, people, bell):
        app = held_app(people, bell)
        domain = operations.attach_domain(app, by=people.ada, hostname=HOST)
        operations.look_at(domain.id, Book(texts={domain.text_name: (domain.text_value,)}))

        operations.detach_domain(app, by=people.ada)

        assert queries.domain_of(app) is None
        assert routes.find(HOST) is None
        with pytest.raises(Conflict, match="no domain"):
            operations.detach_domain(app, by=people.ada)
