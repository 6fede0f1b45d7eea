"""What went wrong in a person's function, in brief. Runs in the child process; standard library only.

A failure is a JSON object {"kind", "message", "where", "trace", "hint", "whose"}; `whose` is "model" for what the model
can react to, and "person" for what someone has to fix in the file.
"""

import traceback
from pathlib import Path
from typing import Literal

PythonFailure = dict[str, str]
_MAX_FRAMES = 5
_MAX_CHARS = 100_000


def failure(
    kind: str,
    message: str,
    *,
    whose: Literal["model", "person"] = "model",
    where: str = "",
    trace: str = "",
    hint: str = "",
) -> PythonFailure:
    """A failure document."""
    return {"kind": kind, "message": message, "where": where, "trace": trace, "hint": hint, "whose": whose}


def raised(error: BaseException, folder: Path) -> PythonFailure:
    """What the function raised: type and message, and only the lines of files below `folder`."""
    frames = _frames_below(error, folder)
    where = _place(frames[-1], folder) if frames else ""
    trace = "\n".join(f"{_place(frame, folder)}\n    {frame.line}" for frame in frames[-_MAX_FRAMES:])
    kind = getattr(error, "kind", None)
    if _is_tool_error(error):
        return failure(kind if isinstance(kind, str) else "error", _message(error), where="", trace=trace)
    return failure("exception", _message(error), where=where, trace=trace)


def not_importable(error: BaseException, module: str, folder: Path) -> PythonFailure:
    """A module that cannot be imported: where, and what to do."""
    if isinstance(error, SyntaxError) and error.filename:
        where = f"{_short(error.filename, folder)}, line {error.lineno}"
        return failure("import", f"{type(error).__name__}: {error.msg}", whose="person", where=where)
    frames = _frames_below(error, folder)
    where = _place(frames[-1], folder) if frames else ""
    if isinstance(error, ModuleNotFoundError) and error.name == module.split(".")[0]:
        path = module.replace(".", "/") + ".py"
        return failure("import", f"there is no file {path} in python/", whose="person", hint="Create it, or change it.")
    hint = ""
    if isinstance(error, ModuleNotFoundError) and error.name:
        hint = f"Install {error.name!r} for the interpreter that runs the tools."
    return failure("import", f"importing {module} failed: {_message(error)}", whose="person", where=where, hint=hint)


def _message(error: BaseException) -> str:
    if _is_tool_error(error):
        return _text_of(getattr(error, "message", error))
    text = _text_of(error)
    name = type(error).__name__
    said = f"{name}: {text}" if text else name
    cause = error.__cause__
    return f"{said} (because of {type(cause).__name__}: {_text_of(cause)})" if cause is not None else said


def _text_of(said: object) -> str:
    try:
        text = str(said)
    except Exception:  # noqa: BLE001 — door: an exception's own text is a person's code
        return "its text cannot be read"
    return text if len(text) <= _MAX_CHARS else f"{text[:_MAX_CHARS]}… ({len(text):,} characters)"


def _is_tool_error(error: BaseException) -> bool:
    """Whether a function chose the error itself, by raising `workbench.core.errors.ToolError`."""
    return any(
        base.__name__ == "ToolError" and base.__module__ == "workbench.core.errors" for base in type(error).__mro__
    )


def _frames_below(error: BaseException, folder: Path) -> list[traceback.FrameSummary]:
    inside = str(folder.resolve())
    frames = traceback.extract_tb(error.__traceback__)
    return [frame for frame in frames if str(Path(frame.filename).resolve()).startswith(inside)]


def _place(frame: traceback.FrameSummary, folder: Path) -> str:
    return f"{_short(frame.filename, folder)}, line {frame.lineno}, in {frame.name}"


def _short(filename: str, folder: Path) -> str:
    path = Path(filename).resolve()
    return path.relative_to(folder.resolve()).as_posix() if path.is_relative_to(folder.resolve()) else path.name
