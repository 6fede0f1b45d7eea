"""The files in which results of sampling are kept: JSON in the project's history folder, which git ignores."""

from pathlib import Path
from typing import TypeVar

import msgspec

from workbench.core.errors import StoreError
from workbench.store.redaction import Redactor
from workbench.store.tool_file import write_whole

RESULTS_FOLDER = "samplings"
MAX_BYTES = 64_000_000

_Result = TypeVar("_Result", bound=msgspec.Struct)


class _Kind(msgspec.Struct, frozen=True):
    kind: str = ""


class ResultFiles:
    """The result files of one project's history."""

    def __init__(self, history: Path, redactor: Redactor) -> None:
        self._folder = history / RESULTS_FOLDER
        self._redactor = redactor

    def path(self, name: str) -> Path:
        """Where the result of this name is."""
        return self._folder / f"{Path(name).name}.json"

    def write(self, name: str, result: msgspec.Struct) -> None:
        """Write a result without secrets. Raises `StoreError`."""
        self.restore(self.path(name), self._redactor.line(msgspec.json.encode(result)).decode() + "\n")

    def restore(self, path: Path, text: str) -> None:
        """Write a file as it was. Raises `StoreError`."""
        try:
            write_whole(path, text)
        except OSError as error:
            raise StoreError(f"what was sampled cannot be kept: {error.strerror or error}") from None

    def named(self, beginning: str, *, most: int) -> list[Path]:
        """The last `most` files whose names begin so, in the order of their names."""
        try:
            found = [path for path in self._folder.iterdir() if path.name.startswith(beginning)]
        except OSError:
            return []
        files = sorted(path for path in found if path.suffix == ".json" and path.is_file() and not path.is_symlink())
        return files[-most:]


def read_result(path: Path, kind: str, type_: type[_Result]) -> _Result | None:
    """What a file holds; None when it is a result of another kind.

    Raises `OSError`, `ValueError` or `RecursionError` when it cannot be read.
    """
    text = path.read_bytes()
    if msgspec.json.decode(text, type=_Kind).kind != kind:
        return None
    return msgspec.json.decode(text, type=type_)
