"""What the model reads about a call: the text of results and of structured errors. Pure."""

import msgspec

from workbench.core.json_text import JsonObject, JsonValue, compact, without_surrogates
from workbench.core.problem import Problem
from workbench.core.sanitizer import NULL_LEFT_OUT, SanitizedValue


class Clipped(msgspec.Struct, frozen=True):
    """A text cut to size; `cut_chars` characters were left out of its middle."""

    text: str
    cut_chars: int


def result_text(value: JsonValue) -> str:
    """A returned value as the model reads it: text as it is, everything else as JSON. Half of a surrogate pair, which
    no wire can carry, becomes U+FFFD."""
    return str(without_surrogates(value if isinstance(value, str) else compact(value)))


def clip_result(text: str, *, max_chars: int) -> Clipped:
    """`text` cut to about `max_chars`: two thirds from its start, one third from its end.

    Both ends are kept, because lists begin and failures end with what matters.
    """
    if len(text) <= max_chars:
        return Clipped(text, 0)
    tail = max_chars // 3
    head = max_chars - tail
    cut = len(text) - head - tail
    return Clipped(f"{text[:head]}\n[… {cut:,} characters left out …]\n{text[len(text) - tail :]}", cut)


def error_text(kind: str, message: str, *, problems: tuple[Problem, ...] = (), hint: str = "") -> str:
    """A structured error the model can correct itself by."""
    error: dict[str, JsonValue] = {"kind": kind, "message": message}
    if problems:
        error["problems"] = [{"path": problem.path or "/", "message": problem.message} for problem in problems]
    if hint:
        error["hint"] = hint
    return compact({"error": error})


class CallFailure(msgspec.Struct, frozen=True):
    """What went wrong with a call, before it is written for the model. `kind` is a short word."""

    kind: str
    message: str
    problems: tuple[Problem, ...] = ()
    hint: str = ""

    def text(self, advice: str = "") -> str:
        """The structured error; `advice` is added to its hint."""
        hint = " ".join(text for text in (self.hint, advice) if text)
        return error_text(self.kind, self.message, problems=self.problems, hint=hint)


def unknown_tool(name: str, offered: tuple[str, ...]) -> CallFailure:
    """The model called something that was not offered."""
    known = ", ".join(offered) if offered else "none"
    return CallFailure("unknown_tool", f"There is no tool named {name!r}.", hint=f"Tools offered: {known}.")


def refused_schema(problem: Problem) -> CallFailure:
    """The check could not be made. That is the fault of the tool's schema, and not of the call."""
    reason = problem.message.removeprefix("schema refused: ")
    return CallFailure(
        "schema",
        f"This call cannot be checked, because the schema of the tool is at fault: {reason}. Nothing was run.",
        hint="Do without this tool, or tell the user about it.",
    )


def invalid_arguments(problems: tuple[Problem, ...]) -> CallFailure:
    """The arguments do not fit the tool's parameters."""
    return CallFailure(
        "invalid_arguments",
        "The arguments do not fit the parameters of this tool. Nothing was run.",
        problems,
        "Call the tool again with corrected arguments.",
    )


def malformed_json(reason: str) -> CallFailure:
    """The argument text is not JSON."""
    return CallFailure(
        "malformed_json",
        f"The arguments are not valid JSON: {reason}. Nothing was run.",
        hint="Call the tool again with one complete JSON object as arguments.",
    )


def misfit_result(problems: tuple[Problem, ...]) -> CallFailure:
    """The tool ran, but gave something else than its output schema promises."""
    return CallFailure(
        "invalid_result",
        "The tool ran, but its result does not fit its output schema, so the result is not passed on.",
        problems,
    )


def misfit_remark(problems: tuple[Problem, ...]) -> str:
    """The same in a sentence beside the result."""
    return f"This result does not fit the output schema of the tool: {'; '.join(map(str, problems[:3]))}"


def changes_remark(changes: tuple[SanitizedValue, ...], arguments: JsonObject) -> str:
    """What the model reads about sanitizers."""
    listed = [change for change in changes if change.by != NULL_LEFT_OUT]
    if not listed:
        return ""
    done = "; ".join(f"{change.path}: {change.by}" for change in listed[:10])
    return f"The arguments of this call were changed before it ran ({done}). It ran with: {compact(arguments)}"


def edit_remark(arguments: JsonObject) -> str:
    """What the model reads about a person's edit."""
    return f"The user edited the arguments of this call before it ran. It ran with: {compact(arguments)}"


def rejected_text(note: str) -> str:
    """A person or the policy said no."""
    reason = f" Reason: {note}" if note else ""
    return error_text(
        "rejected",
        f"This call was not allowed and did not run.{reason}",
        hint="Do not repeat the same call. Go on without it, or ask the user.",
    )
