"""The workaround for the engine's threads: where it applies, and that it leaves everything else alone."""

import os
import sys
from pathlib import Path

import pytest

from workbench.providers.local.processors import engine_threads, import_slots, limit_processors


@pytest.mark.parametrize(
    ("processors", "load", "others", "threads"),
    [
        (1, 0.0, 0, 1),
        (2, 0.0, 0, 1),
        (4, 0.0, 0, 2),
        (4, 0.5, 0, 1),
        (16, 3.0, 0, 2),
        (16, 13.0, 0, 1),
        (16, 0.0, 1, 1),
    ],
)
def test_a_second_thread_needs_free_processors_and_no_other_process_of_ours(
    processors: int, load: float, others: int, threads: int
) -> None:
    assert engine_threads(processors, load, others) == threads


@pytest.mark.parametrize("content", [b"", b"MZ", b"\x7fELF\x01\x01", b"\x7fELF\x02\x01" + bytes(58), os.urandom(300)])
def test_what_is_no_library_of_a_known_kind_is_left_alone(tmp_path: Path, content: bytes) -> None:
    library = tmp_path / "libneedle3.so"
    library.write_bytes(content)
    assert limit_processors(library, 1) is False
    with pytest.raises(ValueError):
        import_slots(content, "sysconf")


@pytest.mark.skipif(sys.platform != "linux", reason="reads ELF files")
def test_only_imports_of_that_name_are_found() -> None:
    needle = pytest.importorskip("needle")
    elf = (Path(needle.__file__).parent / "libneedle3.so").read_bytes()
    assert len(import_slots(elf, "sysconf")) == 1
    assert import_slots(elf, "sysconf") != import_slots(elf, "pthread_create") != []
    assert import_slots(elf, "no_such_function") == []
