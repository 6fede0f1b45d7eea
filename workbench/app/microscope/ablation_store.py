"""Sampled changes around a decision, kept beside the votes: one JSON file a series, in the folder that git ignores."""

import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec

from workbench.app.microscope.ablations import Ablation, AblationPlan, AblationRow, row_of
from workbench.app.microscope.kept_results import MAX_BYTES, ResultFiles, read_result
from workbench.core.distribution import Distribution
from workbench.core.ids import RunId
from workbench.core.json_text import digest
from workbench.store.redaction import Redactor

FORMAT = 1
MOST_FILES = 500


class KeptAblation(msgspec.Struct, frozen=True, kw_only=True):
    """One series as it is kept. `question` is equal for series that asked the same thing of the same model, unchanged;
    `at` is when it was written, in UTC."""

    format: int = FORMAT
    kind: Literal["changes"] = "changes"
    at: datetime
    run_id: RunId
    point: str
    model: str
    question: str
    trials: int
    was_stopped: bool
    ablation: Ablation


class AblationStore:
    """Keeps and reads the series of one project."""

    def __init__(self, history: Path, redactor: Redactor) -> None:
        self._files = ResultFiles(history, redactor)
        self._of_runs: dict[RunId, list[KeptAblation]] = {}

    def keep(self, plan: AblationPlan, ablation: Ablation, *, was_stopped: bool = False) -> KeptAblation | None:
        """Write down what came; None when nothing came. Raises `StoreError`."""
        if not ablation.rows and not ablation.base.trials:
            return None
        now = datetime.now(UTC)
        kept = KeptAblation(
            at=now,
            run_id=RunId(plan.base.point.run_id),
            point=str(plan.base.point.point),
            model=plan.base.spec or plan.base.put.request.model,
            question=question_of(plan),
            trials=plan.base.trials,
            was_stopped=was_stopped,
            ablation=ablation,
        )
        self._files.write(f"changes-{kept.run_id}-{now:%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:6]}", kept)
        if kept.run_id in self._of_runs:
            self._of_runs[kept.run_id].append(kept)
        return kept

    def read(self, run_id: RunId) -> None:
        """Read the series of a run, so that asking for them later reads nothing; what cannot be read is left out."""
        kept = (read_ablation(path) for path in self._files.named(f"changes-{run_id}-", most=MOST_FILES))
        self._of_runs[run_id] = [each for each in kept if each is not None]

    def of(self, plan: AblationPlan) -> tuple[KeptAblation, ...]:
        """What was sampled around the same question before, oldest first. The first time, the run's are read."""
        run_id, question = RunId(plan.base.point.run_id), question_of(plan)
        if run_id not in self._of_runs:
            self.read(run_id)
        return tuple(each for each in self._of_runs[run_id] if each.question == question)

    def rows(self, plan: AblationPlan) -> dict[str, AblationRow]:
        """The newest row of each change of the plan that was sampled before, by its name; effects are about what the
        plan says was chosen and expected."""
        wanted = {change.name: change for change, _ in plan.changes}
        found: dict[str, AblationRow] = {}
        for kept in self.of(plan):
            for row in kept.ablation.rows:
                if row.distribution.trials and wanted.get(row.change.name) == row.change:
                    found[row.change.name] = row_of(
                        row.change,
                        row.distribution,
                        kept.ablation.base,
                        chosen=plan.chosen,
                        expected=plan.expected,
                        failure=row.failure,
                        confidence=row.confidence,
                    )
        return found

    def base(self, plan: AblationPlan) -> Distribution | None:
        """How often each choice was made as it was, from an exact series, else the largest so far; None when it was
        never sampled."""
        bases = (kept.ablation.base for kept in self.of(plan))
        found = max(bases, key=lambda base: (base.is_exact, base.trials), default=None)
        return found if found is not None and found.trials else None


def read_ablation(path: Path) -> KeptAblation | None:
    """What a file of a series holds; None when it cannot be read."""
    try:
        if path.stat().st_size > MAX_BYTES:
            return None
        kept = read_result(path, "changes", KeptAblation)
    except (OSError, ValueError, RecursionError):
        return None
    return kept if kept is not None and kept.format <= FORMAT else None


def question_of(plan: AblationPlan) -> str:
    """Equal for plans that ask the same thing of the same model."""
    wire = plan.base.put.wire
    return digest([plan.base.spec, wire.wire_format, wire.path, wire.body_json])[:16]
