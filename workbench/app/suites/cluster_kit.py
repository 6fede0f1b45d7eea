"""What a cluster's workers get for a suite run: the project's files, its arms and cases, and never a key.

Workers read keys from their own environment and keyring, by the names in connections.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from workbench import __version__
from workbench.app.suites.arm import Arm
from workbench.app.suites.suite_parts import SuiteParts
from workbench.core.errors import StoreError, UsageError
from workbench.core.json_text import compact
from workbench.core.project_folder import CODE_FOLDER, TOOLS_FOLDER
from workbench.core.suite.case import Case
from workbench.core.suite.case_line import case_document
from workbench.core.suite.results import SuiteResults
from workbench.core.suite.suite import SuiteSettings
from workbench.core.suite.trial import ArmKey
from workbench.core.tool import Toolset
from workbench.engine.setup import RunSetup
from workbench.store.redaction import Redactor

MOST_BYTES = 100_000_000
_CONFIG = ("connections.toml", "prices.toml")
_LEFT_OUT = ("__pycache__", "node_modules", "suites", "exports", "build", "dist")


class KitArm(msgspec.Struct, frozen=True):
    """An arm without its provider, which each worker creates for itself."""

    arm: ArmKey
    setup: RunSetup
    renames: dict[str, str]


class TrialKit(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the trials of a suite run share. `files` are the project's, by their path in it, `config` the
    user's. `own` are the tools that the project offers, including its MCP servers'. `open_project` opens a session.
    """

    suite_run_id: str
    version: str
    files: dict[str, bytes]
    config: dict[str, bytes]
    arms: dict[str, KitArm]
    cases: dict[str, Case]
    own: Toolset
    settings: SuiteSettings
    is_trusted: bool
    open_project: Callable[..., Any]

    @property
    def name(self) -> str:
        """Its name on the workers."""
        return f"workbench-{self.suite_run_id}"


def make_kit(results: SuiteResults, arms: Sequence[Arm], parts: SuiteParts) -> TrialKit:
    """The kit of a suite run. Raises `UsageError` when the project is too large, when a file, a case, or a tool holds
    a key, or when it reads from MCP servers, to which only this program is connected."""
    project, settings = parts.runs.project, results.run.settings
    own = parts.runs.toolset
    if settings.tools == "reads" and len(own.names) > len(project.toolset.names):
        raise UsageError(
            "workers of a cluster are not connected to this project's MCP servers, so their tools cannot be read there",
            hint='Say "tools": "mocks" in the suite, or run it without --on.',
        )
    toolsets = (own, *(arm.setup.toolset for arm in arms))
    for what, said in (
        ("the tools contain", [tool.document for toolset in toolsets for tool in toolset]),
        ("the cases contain", [case_document(case) for case in results.cases.values()]),
    ):
        _check(what, compact(said), parts.redactor)
    files = {path.relative_to(project.folder).as_posix(): path for path in _files(project.folder)}
    config = {name: parts.config / name for name in _CONFIG}
    return TrialKit(
        suite_run_id=results.run.suite_run_id,
        version=__version__,
        files=_contents(files, parts.redactor),
        config=_contents({name: path for name, path in config.items() if path.exists()}, parts.redactor),
        arms={arm.arm.key: KitArm(arm.arm, arm.setup, arm.renames) for arm in arms},
        cases=results.cases,
        own=own,
        settings=settings,
        is_trusted=parts.trusts_code(),
        open_project=parts.open_project,
    )


def _files(folder: Path) -> Iterator[Path]:
    """The project's files, without hidden ones, where people keep keys, and without links out of it."""
    for place, folders, names in os.walk(folder):
        is_own = Path(place).relative_to(folder).parts[:1] in ((CODE_FOLDER,), (TOOLS_FOLDER,))
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and name != "__pycache__" and (is_own or name not in _LEFT_OUT)
        )
        for name in sorted(names):
            path = Path(place) / name
            if not name.startswith(".") and path.is_file() and not path.is_symlink():
                yield path


def _contents(files: dict[str, Path], redactor: Redactor) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    left = MOST_BYTES
    for name, path in files.items():
        try:
            left -= path.stat().st_size
            if left < 0:
                raise UsageError(
                    f"the project is larger than {MOST_BYTES:,} bytes, which is too much to send to workers",
                    hint="Move data that no tool needs out of its folder.",
                )
            found[name] = path.read_bytes()
        except OSError as error:
            raise StoreError(f"{path} cannot be sent to workers: {error.strerror or error}") from None
        _check(f"{path} contains", found[name].decode("utf-8", "replace"), redactor)
    return found


def _check(what: str, text: str, redactor: Redactor) -> None:
    if redactor.text(text) != text:
        raise UsageError(f"{what} a key, so nothing is sent to a cluster", hint="Remove the key.")
