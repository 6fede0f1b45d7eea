"""Keeps what was sampled: one JSON file each in the project's history folder, which git ignores."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec

from workbench.core.json_text import pretty
from workbench.core.project_folder import HISTORY_FOLDER
from workbench.store.redaction import Redactor
from workbench.store.tool_file import write_whole

RESULTS_FOLDER = "samplings"


def keep_results(folder: Path, redactor: Redactor, run_id: str, document: object) -> Path:
    """Write the document into the project in `folder`, without secrets, and return where it is.

    Raises `OSError` when the folder cannot be written.
    """
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    path = folder / HISTORY_FOLDER / RESULTS_FOLDER / f"{run_id}-{stamp}.json"
    text = pretty(msgspec.to_builtins(document)) + "\n"
    write_whole(path, redactor.text(text))
    return path
