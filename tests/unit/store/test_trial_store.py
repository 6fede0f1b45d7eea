"""Suite runs on disk: one line a trial, and whatever the last writer left behind."""

from pathlib import Path

import msgspec
import pytest

from workbench.core.errors import StoreError
from workbench.core.suite.case_line import read_case
from workbench.core.suite.grade import Grade
from workbench.core.suite.trial import ArmKey, SuiteRun, Trial
from workbench.store.redaction import Redactor
from workbench.store.trial_store import TrialStore

CASE = read_case({"id": "c", "request": "Say sk-secret-0123456789abcdef", "expected": "look"})
RUN = SuiteRun(
    suite_run_id="run-1", at=1.0, suite="s", suite_digest="d", arms=(ArmKey("a", "local"),), cases=(CASE.key,)
)


def trial(number: int) -> Trial:
    return Trial(case=CASE.key, arm="a", number=number, grade=Grade(is_right=True, expected="look", chosen="look"))


@pytest.fixture
def store(tmp_path: Path) -> TrialStore:
    return TrialStore(tmp_path, Redactor())


def test_what_is_written_is_read(store: TrialStore) -> None:
    store.begin(RUN, [CASE])
    for number in (1, 2):
        store.add("run-1", trial(number))
    found = store.load("run-1")
    assert (found.run, found.trials, found.unreadable) == (RUN, (trial(1), trial(2)), 0)
    assert [case.request for case in found.cases.values()] == [CASE.request]


def test_a_line_that_was_cut_off_loses_only_itself(store: TrialStore) -> None:
    store.begin(RUN, [CASE])
    store.add("run-1", trial(1))
    path = store.folder / "run-1" / "trials.jsonl"
    path.write_bytes(path.read_bytes() + msgspec.json.encode(trial(2))[:-9])
    store.add("run-1", trial(3))
    found = store.load("run-1")
    assert ([each.number for each in found.trials], found.unreadable) == ([1, 3], 1)


def test_keys_do_not_reach_the_disk(tmp_path: Path) -> None:
    redactor = Redactor()
    redactor.add("sk-secret-0123456789abcdef")
    store = TrialStore(tmp_path, redactor)
    store.begin(RUN, [CASE])
    store.add("run-1", msgspec.structs.replace(trial(1), failure="sk-secret-0123456789abcdef was refused"))
    text = "".join(path.read_text() for path in store.folder.rglob("*.json*"))
    assert "sk-secret" not in text


def test_runs_are_found_by_their_beginning_and_the_newest_is_last(store: TrialStore) -> None:
    for number in (1, 2):
        run = msgspec.structs.replace(RUN, suite_run_id=f"run-{number}", at=float(number))
        store.begin(run, [CASE])
    (store.folder / "odd").mkdir()
    (store.folder / "odd" / "suite_run.json").write_text("{", encoding="utf-8")
    assert [run.suite_run_id for run in store.headers()] == ["run-2", "run-1"]
    assert (store.find("last"), store.find("run-1")) == ("run-2", "run-1")
    for text, said in (("run", "fits 2"), ("nothing", "no suite run")):
        with pytest.raises(StoreError, match=said):
            store.find(text)
    store.delete("run-2")
    assert store.find("run") == "run-1"


def test_a_newer_format_and_a_name_that_leads_elsewhere_are_refused(store: TrialStore) -> None:
    store.begin(msgspec.structs.replace(RUN, format=99), [CASE])
    with pytest.raises(StoreError) as refused:
        store.load("run-1")
    assert refused.value.hint == "Update the workbench."
    with pytest.raises(StoreError, match="is not the id"):
        store.load("../run-1")
