"""Saved samplings: one JSON file each in the project's history folder, which Git ignores."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec

from workbench.app.microscope.kept_results import MAX_BYTES, ResultFiles, read_result
from workbench.core.errors import StoreError
from workbench.core.ids import RunId
from workbench.core.variant import Variant
from workbench.replay.sampling import Sampling
from workbench.store.redaction import Redactor

FORMAT = 1
MOST_FILES = 2_000
MAX_TOTAL_BYTES = 256_000_000
"""More than this is not read at once; the newest files come first."""
LAST_MOMENT = 32_503_680_000.0
"""The year 3000: later timestamps are invalid, and could not be shown."""


class SampledArm(msgspec.Struct, frozen=True):
    """One way to put a decision: with a variant, to a model, or as it was (neither). `name` is the variant's, or what
    it is called where it was never saved; `model` is a SPEC."""

    name: str = ""
    variant: Variant | None = None
    model: str | None = None

    @property
    def is_as_it_was(self) -> bool:
        """Whether it is the recorded decision, unchanged."""
        return self.variant is None and self.model is None

    @property
    def title(self) -> str:
        """`as it was`, `shorter`, `shorter · local`."""
        return " · ".join(part for part in (self.name or "as it was", self.model or "") if part)


class KeptSampling(msgspec.Struct, frozen=True, kw_only=True):
    """A saved sampling, self-contained, with the variant as it was.

    `question` is equal for samplings that sent the same request to the same model: only those may be added together.
    """

    format: int = FORMAT
    kind: Literal["sampling"] = "sampling"
    sampling_id: str
    at: float
    run_id: RunId
    point: str
    arm: SampledArm
    model: str
    question: str
    changes: tuple[str, ...] = ()
    concurrency: int = 1
    was_stopped: bool = False
    sampling: Sampling


class SamplingStore:
    """Saves, reads, and deletes samplings of one project."""

    def __init__(self, history: Path, redactor: Redactor) -> None:
        self._files = ResultFiles(history, redactor)
        self.unreadable = 0
        """How many files could not be read last time."""

    def keep(self, kept: KeptSampling) -> KeptSampling:
        """Save it without secrets under a new `sampling_id`. Raises `StoreError`."""
        stamp = datetime.fromtimestamp(kept.at, UTC).strftime("%Y%m%d-%H%M%S")
        made = msgspec.structs.replace(kept, sampling_id=f"{kept.run_id}-{stamp}-{uuid.uuid4().hex[:6]}")
        self._files.write(made.sampling_id, made)
        return made

    def of(self, run_id: RunId, point: str) -> tuple[KeptSampling, ...]:
        """The samplings of one decision, oldest first; unreadable files are counted and skipped."""
        return tuple(kept for kept in self.all(f"{run_id}-") if (kept.run_id, kept.point) == (run_id, point))

    def all(self, beginning: str = "") -> tuple[KeptSampling, ...]:
        """All samplings whose file names begin with `beginning`, oldest first."""
        self.unreadable = 0
        found, room = [], MAX_TOTAL_BYTES
        for path in reversed(self._files.named(beginning, most=MOST_FILES)):
            size = _size(path)
            if size > min(room, MAX_BYTES):
                self.unreadable += 1
                continue
            room -= size
            kept = self._read(path)
            if kept is not None:
                found.append(kept)
        return tuple(sorted(found, key=lambda kept: kept.at))

    def delete(self, sampling_id: str) -> Callable[[], None]:
        """Delete a sampling; the returned function restores it. Raises `StoreError`."""
        path = self._files.path(sampling_id)
        try:
            text = path.read_text(encoding="utf-8")
            path.unlink()
        except OSError as error:
            raise StoreError(f"the samples cannot be deleted: {error.strerror or error}") from None
        return lambda: self._files.restore(path, text)

    def _read(self, path: Path) -> KeptSampling | None:
        """None for files that are not samplings, such as the results of `workbench ablate`, or cannot be read."""
        try:
            kept = read_result(path, "sampling", KeptSampling)
            if kept is None:
                return None
            if kept.format > FORMAT or kept.sampling_id != path.stem or not 0 <= kept.at < LAST_MOMENT:
                raise ValueError
        except (OSError, ValueError, RecursionError):
            self.unreadable += 1
            return None
        return kept


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return MAX_TOTAL_BYTES + 1
