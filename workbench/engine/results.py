"""What the model is told about a call: the text of results and of structured errors. Pure."""

import msgspec

from workbench.core.json_text import JsonValue, compact
from workbench.core.problem import Problem


class Clipped(msgspec.Struct, frozen=True):
    """A text cut to size; `cut_chars` characters were left out of its middle."""

    text: str
    cut_chars: int


def result_text(value: JsonValue) -> str:
    """A returned value as the model reads it: text as it is, everything else as JSON."""
    return value if isinstance(value, str) else compact(value)


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


def unknown_tool_text(name: str, offered: tuple[str, ...]) -> str:
    """The model called something that was not offered."""
    known = ", ".join(offered) if offered else "none"
    return error_text("unknown_tool", f"There is no tool named {name!r}.", hint=f"Tools offered: {known}.")


def invalid_arguments_text(problems: tuple[Problem, ...]) -> str:
    """The arguments do not fit the tool's parameters."""
    return error_text(
        "invalid_arguments",
        "The arguments do not fit the parameters of this tool. Nothing was run.",
        problems=problems,
        hint="Call the tool again with corrected arguments.",
    )


def malformed_json_text(reason: str) -> str:
    """The argument text is not JSON."""
    return error_text(
        "malformed_json",
        f"The arguments are not valid JSON: {reason}. Nothing was run.",
        hint="Call the tool again with one complete JSON object as arguments.",
    )


def rejected_text(note: str) -> str:
    """A person or the policy said no."""
    reason = f" Reason: {note}" if note else ""
    return error_text(
        "rejected",
        f"This call was not allowed and did not run.{reason}",
        hint="Do not repeat the same call. Go on without it, or ask the user.",
    )
