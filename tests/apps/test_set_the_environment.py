"""The environment of an app: encrypted, effective with the next build, told in the audit log by name alone."""

import pytest
from sqlalchemy import select, text

from app.apps import operations, queries
from app.apps.models import VariableType
from app.core.audit import AuditEntry
from app.core.db import session
from app.core.errors import Invalid, NotAllowed


@pytest.fixture
def website(people, bell):
    return queries.first_app(people.project())


class TestSet:
    def test_is_kept_encrypted_and_noted_by_name(self, people, website):
        operations.set_app_variable(
            website, by=people.ada, name="TOKEN", value="s3cr3t-word", kind=VariableType.SECRET
        )

        (variable,) = queries.variables_of(website)
        kept = session.execute(text("SELECT value FROM app_variables")).scalar_one()
        lines = session.scalars(select(AuditEntry).where(AuditEntry.act == "app.variable_set")).all()
        assert (variable.value, variable.is_secret, variable.set_by) == ("s3cr3t-word", True, people.ada)
        assert "s3cr3t-word" not in kept
        assert [(line.detail, line.subject_id) for line in lines] == [("TOKEN", website.id)]

    def test_one_of_the_same_name_is_replaced_and_keeps_its_kind(self, people, website):
        operations.set_app_variable(
            website, by=people.ada, name="TOKEN", value="one", kind=VariableType.SECRET
        )

        operations.set_app_variable(website, by=people.ada, name="TOKEN", value="two")

        (variable,) = queries.variables_of(website)
        assert (variable.value, variable.type) == ("two", VariableType.SECRET)

    @pytest.mark.parametrize(
        ("name", "kind", "why"),
        [
            ("1ST", None, "begin with a letter"),
            ("A-B", None, "letters, digits and _"),
            ("PORT", None, "set by Greenroom"),
            ("GREENROOM_KEY", None, "set by Greenroom"),
            ("X" * 101, None, "at most 100"),
            ("VITE_KEY", VariableType.SECRET, "every visitor"),
        ],
    )
    def test_what_does_not_hold_is_refused(self, people, website, name, kind, why):
        with pytest.raises(Invalid, match=why):
            operations.set_app_variable(website, by=people.ada, name=name, value="1", kind=kind)

        assert queries.variables_of(website) == []

    def test_a_secret_does_not_become_public_by_a_name(self, people, website):
        operations.set_app_variable(website, by=people.ada, name="VITE_TITLE", value="Shop")

        assert operations.environment_of(website) == {"VITE_TITLE": {"value": "Shop", "secret": False}}

    def test_is_for_admins(self, people, website):
        variable = operations.set_app_variable(website, by=people.ada, name="MODE", value="1")

        for somebody in (people.bob, people.rae, people.eve):
            with pytest.raises(NotAllowed):
                operations.set_app_variable(website, by=somebody, name="MODE", value="2")
            with pytest.raises(NotAllowed):
                operations.forget_app_variable(website, variable, by=somebody)

        assert variable.value == "1"


class TestForget:
    def test_is_gone_and_noted(self, people, website):
        variable = operations.set_app_variable(website, by=people.ada, name="MODE", value="1")

        operations.forget_app_variable(website, variable, by=people.ada)

        assert queries.variables_of(website) == []
        line = session.scalars(select(AuditEntry).where(AuditEntry.act == "app.variable_removed")).one()
        assert line.detail == "MODE"
