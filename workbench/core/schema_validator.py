"""The JSON Schema library as it is used here: it fetches nothing, and patterns are ECMA 262. Slow to import."""

from typing import Any

from jsonschema import (
    Draft4Validator,
    Draft6Validator,
    Draft7Validator,
    Draft201909Validator,
    Draft202012Validator,
    FormatChecker,
)
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from referencing import Registry, Resource
from referencing.exceptions import NoSuchResource

from workbench.core.ecma_pattern import BadPattern, UncheckedPattern, check_pattern
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.meta_schema import Dialect

_VALIDATORS: dict[Dialect, type[Validator]] = {
    "draft/2020-12": Draft202012Validator,
    "draft/2019-09": Draft201909Validator,
    "draft-07": Draft7Validator,
    "draft-06": Draft6Validator,
    "draft-04": Draft4Validator,
}
_MAX_PATTERN_CHARS = 1_000


def validator_of(schema: JsonObject, dialect: Dialect) -> Validator:
    """The library's validator. On hostile schemas it raises whatever it likes."""
    return _VALIDATORS[dialect](schema, registry=_REFUSING, format_checker=_FORMATS)


def misfits(validator: Validator, arguments: JsonValue) -> list[ValidationError]:
    """Where `arguments` do not fit, those nearer to the top first. Raises as `validator_of` does."""
    return sorted(validator.iter_errors(arguments), key=lambda error: (len(error.absolute_path), error.message))


def _refuse_to_fetch(uri: str) -> Resource[Any]:
    raise NoSuchResource(uri)


_REFUSING: Registry[Any] = Registry(retrieve=_refuse_to_fetch)  # type: ignore[call-arg]


def _is_pattern(instance: object) -> bool:
    try:
        check_pattern(instance[:_MAX_PATTERN_CHARS] if isinstance(instance, str) else "")
    except UncheckedPattern:
        return True
    return True


_FORMATS = FormatChecker(())
_FORMATS.checkers = {**Draft202012Validator.FORMAT_CHECKER.checkers, "regex": (_is_pattern, BadPattern)}
