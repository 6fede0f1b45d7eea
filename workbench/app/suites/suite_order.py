"""What to run of a suite."""

import re
from decimal import Decimal
from importlib.util import find_spec
from typing import Literal

import msgspec

from workbench.core.errors import UsageError
from workbench.core.suite.case import Split

HERE, BATCH, DASK = "here", "batch", "dask://"
"""Where a suite runs: in this program, through batch APIs, or on the Dask cluster at an address."""
CONCURRENCY = 4
_DASK = re.compile(r"dask://(?P<host>[\w.-]+|\[[0-9a-fA-F:.]+\]):(?P<port>\d{1,5})/?")


def check_place(on: str) -> str:
    """The same text if it names a place where a suite can run. Raises `UsageError`."""
    found = _DASK.fullmatch(on)
    if on in (HERE, BATCH) or (found is not None and 0 < int(found["port"]) < 65_536):
        return on
    raise UsageError(
        f"a suite cannot run on {on!r}",
        hint="Use batch, or dask://HOST:PORT, such as dask://127.0.0.1:8786.",
    )


def check_dask() -> None:
    """Raise `UsageError` if Dask, which is an extra, is not installed."""
    if find_spec("distributed") is None:
        raise UsageError(
            "a Dask cluster needs the package distributed, and it is not installed",
            hint="Install it with: pip install 'tool-calling-workbench[cluster]'",
        )


class SuiteOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What to run: every variant (the empty name is the project as it is) with every model and every selector,
    None being the project's own."""

    suite: str
    variants: tuple[str, ...] = ("",)
    models: tuple[str | None, ...] = (None,)
    selectors: tuple[str | None, ...] = (None,)
    trials: int = 1
    split: Split | Literal["all"] = "tune"
    concurrency: int | None = None
    """Trials under way together. None: as many as a cluster has room for, `CONCURRENCY` here. Batches take all."""
    budget: Decimal | None = None
    per_cluster: int | None = None
    """Use at most this many cases per cluster: a cheap look, since clusters are what counts."""
    only: tuple[str, ...] = ()
    """Use only the cases with these IDs."""
    stop_early: bool = False
    on: str = HERE
    """Where models are asked; see `check_place`."""
    reuse: bool = True
    """Reuse earlier suite runs' answers to exactly the same request, if the model always answers the same."""
    race: str = ""
    """The race it belongs to (`suite_race`)."""

    @property
    def at_once(self) -> int | None:
        """How many trials are under way together; None: as many as there is room for, which is still unknown."""
        if self.on == BATCH:
            return None
        return CONCURRENCY if self.concurrency is None and self.on == HERE else self.concurrency

    @property
    def is_on_cluster(self) -> bool:
        """Whether it runs on a Dask cluster."""
        return self.on.startswith(DASK)
