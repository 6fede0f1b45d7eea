"""Files of every format there ever was are read. Each stays in `old` for good; a new format adds one."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.event_kinds import one_of_each
from workbench.app.microscope import ablation_store, sampling_store
from workbench.app.variants.variants import read_variant
from workbench.core import event, mark, variant
from workbench.core.event import decode_event
from workbench.store import project_file
from workbench.store.mark_store import MarkStore
from workbench.store.redaction import Redactor

OLD = Path(__file__).with_name("old")
Reader = Callable[[Path, Path], object]
"""Takes a file and a folder to work in, and gives what the file says; false where it cannot be read."""


def read_project(file: Path, _folder: Path) -> object:
    read, problems = project_file.read_project_file(file.read_text("utf-8"), file.name)
    return read.name == "Gate" and read.limits.rounds == 3 and not problems


def read_marks(file: Path, folder: Path) -> object:
    shutil.copy(file, folder / "marks.jsonl")
    return MarkStore(folder, Redactor()).all()


def read_samplings(file: Path, folder: Path) -> object:
    (folder / "samplings").mkdir()
    shutil.copy(file, folder / "samplings" / file.name)
    return sampling_store.SamplingStore(folder, Redactor()).all()


def read_changes(file: Path, folder: Path) -> object:
    return ablation_store.read_ablation(file)


def read_events(file: Path, _folder: Path) -> object:
    return [decode_event(line) for line in file.read_bytes().splitlines()] == one_of_each()


FORMATS: dict[str, tuple[int, Reader]] = {
    "project": (project_file.FORMAT, read_project),
    "variant": (variant.FORMAT, lambda file, _: read_variant(file.read_text("utf-8"), name="short").instructions),
    "marks": (mark.FORMAT, read_marks),
    "sampling": (sampling_store.FORMAT, read_samplings),
    "changes": (ablation_store.FORMAT, read_changes),
    "events": (event.FORMAT_VERSION, read_events),
}


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_of_each_version_of_a_format_is_kept_and_read(name: str, tmp_path: Path) -> None:
    newest, read = FORMATS[name]
    kept = {int(path.stem.rpartition("-")[2]): path for path in OLD.glob(f"{name}-*")}
    assert sorted(kept) == list(range(1, newest + 1))
    for number, path in kept.items():
        folder = tmp_path / str(number)
        folder.mkdir()
        assert read(path, folder), f"{path.name} cannot be read"
