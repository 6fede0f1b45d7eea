"""The whole exception tree, sorted by who has to act.

    WorkbenchError
    ├── ToolError              the model can react: it becomes an error result for one call
    │   └── SessionEnded       the session with an MCP server has ended
    ├── ProviderFailure        the provider or the network failed: retried, or the run ends with a reason
    ├── ExecutorUnavailable    the user can react: nothing can run this tool at the moment
    │   └── SignInFailed       the user can react: an MCP server could not be signed in to
    ├── ProjectError           the user can react: a project file is wrong, at a named place
    ├── UsageError             the user asked for something that does not exist or does not fit
    ├── StoreError             the disk or the database is in trouble
    │   ├── EventDamaged       a recorded run cannot be read
    │   └── IndexUnusable      there is no full-text search here
    ├── TelemetryError         a collector does not take what it is sent
    ├── ServiceRefusal         another program asked for something that the service does not do
    └── MalformedJson          a text is not the strict JSON it should be

Anything else that is raised is a bug in the workbench.
"""

from typing import Literal

FailureKind = Literal[
    "cut_off",
    "malformed",
    "rate_limit",
    "overloaded",
    "server",
    "timeout",
    "connection",
    "authentication",
    "permission",
    "quota",
    "not_found",
    "invalid_request",
    "refused",
    "unavailable",
]
"""What went wrong between us and a provider, in one vocabulary for all of them."""


def with_advice(message: str, advice: str) -> str:
    """What happened and how to fix it, as sentences."""
    if not advice:
        return message
    return f"{message} {advice}" if message.endswith((".", "!", "?", "…", ":")) else f"{message}. {advice}"


class WorkbenchError(Exception):
    """An expected failure. `str(error)` says what happened, `hint` how to fix it."""

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{with_advice(self.message, self.hint)}"


class ToolError(WorkbenchError):
    """A tool failed in a way that is reported to the model. `kind` is a short machine-readable word."""

    def __init__(self, message: str, *, kind: str = "error", where: str = "", hint: str = "", output: str = "") -> None:
        super().__init__(message, where=where, hint=hint)
        self.kind = kind
        self.output = output


class ProviderFailure(WorkbenchError):
    """A request to a provider did not end with a complete response.

    `partial_text` is what had arrived; nothing in it may be executed. `retry_after_s` is the wait that the provider
    asks for, in seconds. Whether to try again is decided by `engine.retry`, never by an adapter.
    """

    def __init__(
        self,
        message: str,
        *,
        kind: FailureKind,
        status: int | None = None,
        code: str = "",
        request_id: str = "",
        retry_after_s: float | None = None,
        partial_text: str = "",
        has_partial: bool = False,
        where: str = "",
        hint: str = "",
    ) -> None:
        super().__init__(message, where=where, hint=hint)
        self.kind = kind
        self.status = status
        self.code = code
        self.request_id = request_id
        self.retry_after_s = retry_after_s
        self.partial_text = partial_text
        self.has_partial = has_partial or bool(partial_text)


class ExecutorUnavailable(WorkbenchError):
    """Nothing can carry out this call at the moment; the person can fix that."""


class ProjectError(WorkbenchError):
    """A project, or a file in it, cannot be used as it is."""


class UsageError(WorkbenchError):
    """A command was given something that does not exist or does not fit."""


class StoreError(WorkbenchError):
    """The run history could not be read or written."""


class MalformedJson(WorkbenchError):
    """A text is not strict JSON. `line` and `column` count from 1; 0 means unknown."""

    def __init__(self, message: str, *, line: int = 0, column: int = 0) -> None:
        where = f"line {line}, column {column}" if line else ""
        super().__init__(message, where=where)
        self.line = line
        self.column = column
