"""What a table keeps is either exported or left out for a reason, and no secret is taken along."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Column, LargeBinary, MetaData, Table

from app.archives.kinds import BY_NAME, KINDS, LEFT_OUT, Kind
from app.archives.rows import _as
from app.core.db import Base
from app.core.sealed import Sealed

# Hashes of contents, which open nothing.
CONTENTS = {("attachments", "digest"), ("organization", "logo_digest")}
# Numbers of what a language model reads and writes.
COUNTS = {("organization", "tokens_per_month")}
# Sealed columns of which a part may be read, each with the test that proves which.
SIFTED = {
    ("variables", "value"): "tests/archives/test_bring_it_back.py, secrets",
    ("app_variables", "value"): "tests/archives/test_bring_it_back.py, secrets",
}


def undecided(tables: Iterable[str], exported: Iterable[str], left_out: Mapping[str, str]) -> list[str]:
    """Return the tables that are neither exported nor left out, those that are both, and those that are none."""
    tables, exported = set(tables), set(exported)
    return sorted(
        [f"{name}: say in app/archives/kinds.py" for name in tables - exported - set(left_out)]
        + [f"{name}: exported and left out" for name in exported & set(left_out)]
        + [f"{name}: there is no such table" for name in set(left_out) - tables]
    )


def secrets_in(kind: Kind) -> list[str]:
    """Return the columns of a kind that could open something."""
    return [
        f"{kind.name}.{column.name}"
        for column in kind.columns
        if (kind.name, column.name) not in CONTENTS | COUNTS | set(SIFTED)
        and (
            isinstance(column.type, Sealed)
            or any(word in column.name for word in ("digest", "hash", "secret", "password", "token", "code_"))
        )
        and not column.name.startswith("is_")
    ]


class TestEveryTable:
    def test_is_exported_or_left_out_for_a_reason(self, app):
        exported = [kind.table.name for kind in KINDS]

        assert undecided(Base.metadata.tables, exported, LEFT_OUT) == []
        assert all(LEFT_OUT.values())

    def test_that_is_exported_lies_within_the_organization(self, app):
        for kind in KINDS:
            outer = kind
            while outer.within is not None:
                outer = BY_NAME[outer.references[outer.within]]
            assert outer.name in {"organization", "people"}, kind.name

    def test_comes_after_what_it_lies_within(self, app):
        for place, kind in enumerate(KINDS):
            if kind.within is not None:
                assert KINDS.index(BY_NAME[kind.references[kind.within]]) < place, kind.name

    def test_leaves_out_columns_that_exist_and_can_do_without(self, app):
        for kind in KINDS:
            assert set(kind.leaves_out) <= set(kind.table.columns.keys()), kind.name

    def test_has_columns_that_can_be_read_back(self, app):
        for kind in KINDS:
            for column in kind.columns:
                assert isinstance(column.type, LargeBinary) or _as(column.type), f"{kind.name}.{column.name}"


class TestSecrets:
    def test_are_not_exported(self, app):
        assert [column for kind in KINDS for column in secrets_in(kind)] == []


class TestTheRules:
    def test_see_a_table_that_nobody_decided_about(self):
        assert undecided({"a", "b", "c"}, {"a"}, {"a": "why", "c": "why", "d": "why"}) == [
            "a: exported and left out",
            "b: say in app/archives/kinds.py",
            "d: there is no such table",
        ]

    def test_see_a_secret(self):
        table = Table(
            "doors", MetaData(), Column("key", Sealed), Column("key_digest", Sealed), Column("name")
        )

        assert secrets_in(Kind(name="doors", table=table)) == ["doors.key", "doors.key_digest"]
        assert secrets_in(Kind(name="doors", table=table, leaves_out={"key": "!", "key_digest": "!"})) == []
