"""The tables of workbench.toml about what happens around a call: sanitizers, error handlers, rates, results."""

import posixpath
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from workbench.core.error_handler import ErrorHandler
from workbench.core.handling import Handling
from workbench.core.rate_limit import RateLimit
from workbench.core.sanitizer import Sanitizer
from workbench.core.tool import Toolset


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class SanitizerRow(_Row):
    """`[sanitizers.TOOL.ARGUMENT]`; see `core.sanitizer`. TOOL and ARGUMENT may be `*`."""

    trim: bool = False
    strip_control: bool = False
    min: float | None = Field(default=None, strict=False, allow_inf_nan=False)
    max: float | None = Field(default=None, strict=False, allow_inf_nan=False)
    inside: str = ""

    @model_validator(mode="after")
    def _sense(self) -> "SanitizerRow":
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"min {self.min:g} is above max {self.max:g}")
        straight = posixpath.normpath(self.inside.replace("\\", "/")) if self.inside else "."
        if straight.startswith(("/", "..", "~")) or ":" in straight:
            raise ValueError("inside is a folder of the project, such as data or .")
        return self

    def value(self) -> Sanitizer:
        """The sanitizer as a value."""
        return Sanitizer(self.strip_control, self.trim, self.min, self.max, self.inside)


class ErrorHandlerRow(_Row):
    """`[on_error.TOOL.KIND]`; see `core.error_handler`. TOOL and KIND may be `*`."""

    retry: int = Field(default=0, ge=0, le=10)
    wait_s: float = Field(default=1.0, ge=0, le=600, strict=False)
    repeats_effects: bool = False
    reply: str | None = None
    hint: str = ""
    suggest: bool = False

    def value(self) -> ErrorHandler:
        """The handler as a value."""
        return ErrorHandler(self.retry, self.wait_s, self.repeats_effects, self.reply, self.hint, self.suggest)


class RateRow(_Row):
    """`[rates.TOOL]`; see `core.rate_limit`. TOOL may be `*`, which applies to each tool separately."""

    per_minute: int = Field(ge=1, le=100_000)
    when_full: Literal["wait", "error"] = "wait"

    def value(self) -> RateLimit:
        """The limit as a value."""
        return RateLimit(self.per_minute, self.when_full)


class ResultsSection(_Row):
    """`[results]`: `strict` makes an error of a result that does not fit its tool's output schema."""

    strict: bool = False


SanitizerTable = dict[str, dict[str, SanitizerRow]]
ErrorTable = dict[str, dict[str, ErrorHandlerRow]]
RateTable = dict[str, RateRow]


def handling_of(
    sanitizers: SanitizerTable, on_error: ErrorTable, rates: RateTable, results: ResultsSection
) -> Handling:
    """The tables as one value."""
    return Handling(
        sanitizers={tool: {name: row.value() for name, row in rows.items()} for tool, rows in sanitizers.items()},
        on_error={tool: {kind: row.value() for kind, row in rows.items()} for tool, rows in on_error.items()},
        rates={tool: row.value() for tool, row in rates.items()},
        strict_results=results.strict,
    )


def retries_in_vain(on_error: ErrorTable, tools: Toolset) -> list[str]:
    """Places of handlers whose retry never happens, because their tool may have effects that must not happen twice."""
    return [
        f"on_error.{name}.{kind}"
        for name, rows in on_error.items()
        for kind, row in rows.items()
        if row.retry and (tool := tools.named(name)) is not None and not row.value().may_retry(tool)
    ]
