"""Versions and their files are what plain dictionaries say, whatever is asked of them in whatever order.

`GREENROOM_EXAMPLES=500` tries that many other orders, at random.
"""

import base64
import os
from collections.abc import Callable

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from app.apps import operations, queries
from app.core.db import session
from tests.apps.dictionaries import Files, Model, Refused, Version, blob_id, listed

ORDERS = settings(
    max_examples=int(os.environ.get("GREENROOM_EXAMPLES", "30")),
    stateful_step_count=20,
    derandomize="GREENROOM_EXAMPLES" not in os.environ,
    database=None,
    deadline=None,
    phases=set(Phase) - {Phase.explain},
    suppress_health_check=list(HealthCheck),
)
BEGUN_WITH: Files = {"index.html": b"one\n", "src/main.js": b"two\n"}
PATHS = st.sampled_from(["index.html", "src", "src/main.js", "src/deep", "src/deep/ a b ", "\u00fc.md"])
CONTENTS = st.sampled_from([b"", b"one\n", b"  two \n"]) | st.binary(max_size=20)
NAMES = st.sampled_from(["Dark", "Light"])


class AsInTheModel(RuleBasedStateMachine):
    """An app of which a program asks this and that, and the model that is asked the same."""

    versions: Bundle[str] = Bundle("versions")
    readings: Bundle[tuple[str, str, str]] = Bundle("readings")

    def __init__(self, app, by, ask) -> None:
        super().__init__()
        self.app, self.by, self.ask = app, by, ask

    @initialize(target=versions)
    def begin(self):
        main = queries.default_version(self.app)
        self.model = Model(main.id, {main.id: Version(main.name, [(queries.tip_of(main), BEGUN_WITH)])})
        return main.id

    # --- files -------------------------------------------------------------------------------------------

    @rule(version=versions, path=PATHS, content=CONTENTS)
    def create_file(self, version, path, content):
        answer = self.ask("POST", f"/app-versions/{version}/files", json=_sent(path, content))
        self.is_saved(version, answer, lambda: self.model.created(version, path, content))

    @rule(version=versions, path=PATHS, content=CONTENTS)
    def update_file(self, version, path, content):
        answer = self.ask("PATCH", f"/app-versions/{version}/files", json=_sent(path, content))
        self.is_saved(version, answer, lambda: self.model.written(version, path, content))

    @rule(reading=readings, content=CONTENTS)
    def update_what_was_read(self, reading, content):
        """Fresh as long as nobody wrote anything else there since, stale from then on."""
        self._update(*reading, content)

    @rule(version=versions, path=PATHS, theirs=CONTENTS, mine=CONTENTS)
    def update_after_somebody_else(self, version, path, theirs, mine):
        """Two read the same and save one after the other: the second one knows only what was there before."""
        files = self.model.versions[version].files if version in self.model.versions else {}
        match = blob_id(files.get(path, b""))
        self._update(version, path, match, theirs)
        self._update(version, path, match, mine)

    def _update(self, version, path, match, content):
        sent = {**_sent(path, content), "ifMatch": match}

        answer = self.ask("PATCH", f"/app-versions/{version}/files", json=sent)

        self.is_saved(version, answer, lambda: self.model.written(version, path, content, match=match))
        if answer.status_code == 409 and "current" in answer.json:
            assert answer.json["current"]["blobId"] == blob_id(self.model.versions[version].files[path])

    @rule(version=versions, path=PATHS, goal=PATHS, content=st.none() | CONTENTS)
    def move_file(self, version, path, goal, content):
        sent = {"path": path} if content is None else _sent(path, content)
        answer = self.ask("PATCH", f"/app-versions/{version}/files", json={**sent, "newPath": goal})
        self.is_saved(version, answer, lambda: self.model.moved(version, path, goal, content))

    @rule(version=versions, path=PATHS)
    def delete_file(self, version, path):
        answer = self.ask("DELETE", f"/app-versions/{version}/files", query_string={"path": path})
        self.is_saved(version, answer, lambda: self.model.rid(version, path))

    @rule(target=readings, version=versions, path=PATHS)
    def read_file(self, version, path):
        files = self.model.versions[version].files if version in self.model.versions else {}
        asked = {"path": path, "encoding": "utf-8" if is_text(files.get(path, b"")) else "base64"}

        answer = self.ask("GET", f"/app-versions/{version}/files/read", query_string=asked)

        if path not in files:
            assert answer.status_code == 404
            return multiple()
        wanted = _sent(path, files[path])
        assert (answer.json["content"], answer.json["encoding"]) == (wanted["content"], wanted["encoding"])
        assert answer.json["blobId"] == blob_id(files[path])
        return version, path, answer.json["blobId"]

    @rule(version=versions)
    def list_files(self, version):
        answer = self.ask("GET", f"/app-versions/{version}/files", query_string={"recursive": "true"})

        if version not in self.model.versions:
            assert answer.status_code == 404
            return
        found = [(each["path"], each["isDirectory"], each["size"]) for each in answer.json["data"]]
        assert found == list(listed(self.model.versions[version].files))

    # --- versions ----------------------------------------------------------------------------------------

    @rule(target=versions, version=versions, name=NAMES)
    def fork(self, version, name):
        return self._fork(version, name)

    @rule(target=versions, version=versions, name=NAMES, back=st.integers(0, 20))
    def bring_back(self, version, name, back):
        """Begin a version as another one was some commits ago."""
        past = self.model.versions[version].past if version in self.model.versions else [("f" * 40, {})]
        return self._fork(version, name, commit=past[back % len(past)][0])

    def _fork(self, version, name, commit=None):
        sent = {"appId": self.app.id, "parentId": version, "name": name, "commit": commit}

        answer = self.ask("POST", "/app-versions", json=sent)

        past = self.is_done(answer, lambda: self.model.forked(version, commit))
        if past is None:
            return multiple()
        self.model.versions[answer.json["id"]] = Version(name, list(past), parent=version)
        return answer.json["id"]

    @rule(version=versions, name=NAMES)
    def rename_version(self, version, name):
        answer = self.ask("PATCH", f"/app-versions/{version}", json={"name": name})
        self.is_done(answer, lambda: self.model.rename(version, name))

    @rule(version=versions)
    def make_default(self, version):
        answer = self.ask("PATCH", f"/apps/{self.app.id}", json={"defaultVersionId": version})
        self.is_done(answer, lambda: self.model.make_default(version))

    @rule(version=versions)
    def delete_version(self, version):
        answer = self.ask("DELETE", f"/app-versions/{version}")
        self.is_done(answer, lambda: self.model.delete(version))

    @rule(version=versions)
    def restore_version(self, version):
        answer = self.ask("POST", f"/app-versions/{version}/restore")
        self.is_done(answer, lambda: self.model.restore(version))

    @rule(version=versions)
    def purge_version(self, version):
        answer = self.ask("DELETE", f"/app-versions/{version}/purge")
        self.is_done(answer, lambda: self.model.purge(version))

    # --- what has to be so -------------------------------------------------------------------------------

    def is_done(self, answer, in_the_model: Callable):
        """Both do it, or both refuse; returns what the model says of it."""
        outcome, wanted = None, {200, 201}
        try:
            outcome = in_the_model()
        except Refused as refused:
            wanted = {refused.status}
        assert answer.status_code in wanted, answer.json
        return outcome

    def is_saved(self, version, answer, in_the_model: Callable[[], Files]):
        """What differs afterwards is one commit, what does not is none."""
        files = self.is_done(answer, in_the_model)
        if files is None:
            return
        found = self.model.versions[version]
        assert (answer.json["commit"] != found.commit) == (files != found.files)
        if files != found.files:
            found.past.append((answer.json["commit"], files))

    @invariant()
    def agrees(self):
        session.rollback()
        session.expire_all()  # the program's answers were written elsewhere
        repository = queries.repository_of_app(self.app)
        there = {each.id: each for each in [*queries.versions_of(self.app), *self.deleted]}
        assert there.keys() == self.model.versions.keys()
        assert self.app.default_version_id == self.model.default
        assert set(repository.branches()) == {each.branch for each in there.values()}
        assert repository.default_branch == there[self.model.default].branch
        for id_, wanted in self.model.versions.items():
            found = there[id_]
            assert (found.name, found.parent_id, found.is_deleted) == (
                wanted.name,
                wanted.parent,
                wanted.is_deleted,
            )
            assert dict(queries.contents_of(found)) == wanted.files
            assert [each.sha for each in queries.commits_of(found)] == [each for each, _ in wanted.past[::-1]]

    @property
    def deleted(self):
        return queries.versions_of(self.app, deleted=True)

    def teardown(self):
        operations.delete_app(self.app, by=self.by)
        operations.purge_app(self.app, by=self.by)


def _sent(path, content):
    """Write a file as a program sends it: a text as it is, all else as base64."""
    if is_text(content):
        return {"path": path, "content": content.decode(), "encoding": "utf-8"}
    return {"path": path, "content": base64.b64encode(content).decode(), "encoding": "base64"}


def is_text(content):
    try:
        return "\0" not in content.decode()
    except UnicodeDecodeError:
        return False


def test_versions_agree_with_dictionaries(people, api, make_app, bell):
    key = people.key(people.bob)

    def ask(method, path, **more):
        return api(method, path, key, **more)

    run_state_machine_as_test(
        lambda: AsInTheModel(make_app(files=BEGUN_WITH), people.ada, ask), settings=ORDERS
    )
