"""A function of a project: find it, fit the arguments to its annotations, run it. Runs in the child process.

pydantic is imported only when a parameter is annotated with something that plain JSON does not have.
"""

import importlib
import inspect
import sys
import typing
from collections.abc import Callable, Coroutine
from functools import lru_cache, partial
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, TypeVar

from workbench.executors.python_failure import PythonFailure, failure, not_importable

T = TypeVar("T")
_PLAIN = (str, int, float, bool, type(None), list, dict, object, inspect.Parameter.empty, Any)


class CallFailed(Exception):
    """A call that ended before the function was entered; `failure` says why."""

    def __init__(self, said: PythonFailure) -> None:
        super().__init__(said["message"])
        self.failure = said


def load_module(name: str, folder: Path) -> ModuleType:
    """Import a module of the project's python/ folder, or raise `CallFailed`."""
    try:
        module = importlib.import_module(name)
    except BaseException as error:  # noqa: BLE001 — door: a person's module may raise anything, SystemExit included
        raise CallFailed(not_importable(error, name, folder)) from None
    if not _is_below(module.__file__ or "", folder):
        said = f"{name!r} is not a module of python/ but one of Python's or of an installed package"
        raise CallFailed(failure("import", said, whose="person", hint="Give the file in python/ a name of its own."))
    return module


@lru_cache
def _is_below(file: str, folder: Path) -> bool:
    return Path(file).resolve().is_relative_to(folder.resolve())


def find_function(reference: str, folder: Path) -> Callable[..., Any]:
    """The callable behind `module:function`, or `CallFailed`."""
    module_name, _, name = reference.partition(":")
    module = load_module(module_name, folder)
    found = getattr(module, name, None)
    if callable(found):
        return typing.cast(Callable[..., Any], found)
    functions = [key for key, value in vars(module).items() if inspect.isfunction(value) and not key.startswith("_")]
    offered = f"It has: {', '.join(functions)}." if functions else "It has no functions."
    raise CallFailed(
        failure("import", f"{module_name}.py has no function {name!r}", whose="person", hint=offered)
    ) from None


def _once(look: Callable[[Callable[..., Any]], T]) -> Callable[[Callable[..., Any]], T]:
    """`look`, once for each plain function: it takes longer than most calls. Other callables may change."""
    kept = lru_cache(look)
    return lambda function: (kept if isinstance(function, FunctionType) else look)(function)


_signature = _once(inspect.signature)
_hints = _once(partial(typing.get_type_hints, include_extras=True))


def fit_arguments(function: Callable[..., Any], arguments: dict[str, Any]) -> dict[str, Any]:
    """The keyword arguments, converted to what the parameters are annotated with.

    Raises `CallFailed` when they cannot be.
    """
    try:
        _signature(function).bind(**arguments)
    except (TypeError, ValueError) as error:
        said = f"{name_of(function)}() does not take these arguments: {error}"
        raise CallFailed(failure("arguments", said)) from None
    try:
        hints = _hints(function)
    except Exception as error:  # noqa: BLE001 — door: annotations are a person's code
        said = f"the annotations of {name_of(function)}() cannot be read: {error}"
        raise CallFailed(failure("import", said, whose="person")) from None
    fitted = {name: _fit(name, value, hints.get(name, Any), function) for name, value in arguments.items()}
    return _field_defaults(function, arguments) | fitted


class OwnLoop:
    """The event loop of the functions that want one, made for the first of them: importing asyncio takes longer than
    starting everything else."""

    def __init__(self) -> None:
        self._runner: Any = None

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        """The coroutine's value."""
        if self._runner is None:
            import asyncio

            self._runner = asyncio.Runner()
        return self._runner.run(coroutine)


def call(function: Callable[..., Any], arguments: dict[str, Any], loop: OwnLoop) -> Any:
    """The function's value; a coroutine is run to its end."""
    value = function(**arguments)
    if inspect.iscoroutine(value):
        return loop.run(value)
    if inspect.isawaitable(value):
        return loop.run(_await_value(value))
    return value


def name_of(function: Callable[..., Any]) -> str:
    """The name to show for it; not every callable has one."""
    return getattr(function, "__name__", type(function).__name__)


def _field_defaults(function: Callable[..., Any], arguments: dict[str, Any]) -> dict[str, Any]:
    """The values behind defaults written as pydantic's `Field(…)`, which Python would hand over as they are."""
    fields = {
        name: parameter.default
        for name, parameter in _signature(function).parameters.items()
        if name not in arguments and type(parameter.default).__name__ == "FieldInfo"
    }
    missing = [name for name, field in fields.items() if field.is_required()]
    if missing:
        said = f"{name_of(function)}() does not take these arguments: missing {', '.join(missing)}"
        raise CallFailed(failure("arguments", said))
    return {name: field.get_default(call_default_factory=True, validated_data={}) for name, field in fields.items()}


def _fit(name: str, value: Any, hint: Any, function: Callable[..., Any]) -> Any:
    if hint in _PLAIN and not (hint in (str, int, float, bool) and type(value) is not hint):
        return value
    try:
        from pydantic import TypeAdapter, ValidationError
    except ModuleNotFoundError:
        if hint in _PLAIN:
            return value
        hint = f"Install pydantic for {sys.executable}, or annotate with plain JSON types."
        said = f"parameter {name!r} of {name_of(function)}() is annotated with {hint!r}, which needs pydantic"
        raise CallFailed(failure("import", said, whose="person", hint=hint)) from None
    try:
        return TypeAdapter(hint).validate_python(value)
    except ValidationError as error:
        lines = [
            f"{'.'.join([name, *map(str, problem['loc'])])}: {problem['msg']}"
            for problem in error.errors(include_url=False, include_context=False)[:10]
        ]
        raise CallFailed(failure("arguments", "; ".join(lines))) from None


async def _await_value(value: Any) -> Any:
    return await value
