"""Sampling parameters: how a model is to answer, in names that no vendor owns. Each wire puts those it has in their
places; see `providers/parameter_place.py`."""

import re
from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec

ParameterValue = float | int | str
ModelParameters = dict[str, ParameterValue]
"""Only what was chosen: a name that is not there is left to the vendor."""

_EFFORT = re.compile(r"[a-z][a-z_]{0,19}")
MAX_SEED = 2**63 - 1


ParameterName = Literal["temperature", "top_p", "seed", "reasoning_effort", "max_output_tokens"]


class ModelParameter(msgspec.Struct, frozen=True):
    """A parameter: what it is called, and what it does."""

    name: ParameterName
    label: str
    about: str


PARAMETERS: tuple[ModelParameter, ...] = (
    ModelParameter("temperature", "Temperature", "0 is the most predictable; higher values vary more"),
    ModelParameter("top_p", "Top p", "Choose only among the likeliest tokens that add up to this share, 0 to 1"),
    ModelParameter("seed", "Seed", "The same number makes equal answers likelier"),
    ModelParameter("reasoning_effort", "Reasoning effort", "How much the model thinks before it answers"),
    ModelParameter("max_output_tokens", "Max output tokens", "Longest answer, in tokens"),
)
PARAMETER_NAMES: tuple[ParameterName, ...] = tuple(parameter.name for parameter in PARAMETERS)
OUTPUT_LIMIT: ParameterName = "max_output_tokens"
"""The one parameter that every wire has; requests and logs keep it in a field of its own."""


def parameter_fault(name: str, value: object) -> str:
    """What is wrong with a value on every wire; empty when nothing is."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    match name:
        case "temperature":
            return "" if is_number and 0 <= value <= 2 else "use a number from 0 to 2"  # type: ignore[operator]
        case "top_p":
            return "" if is_number and 0 <= value <= 1 else "use a number from 0 to 1"  # type: ignore[operator]
        case "seed":
            is_good = is_number and isinstance(value, int) and -MAX_SEED <= value <= MAX_SEED
            return "" if is_good else "use a whole number"
        case "reasoning_effort":
            is_good = isinstance(value, str) and _EFFORT.fullmatch(value) is not None
            return "" if is_good else "use a word, such as low, medium or high"
        case "max_output_tokens":
            is_good = is_number and isinstance(value, int) and value >= 1
            return "" if is_good else "use a whole number of at least 1"
    return f"there is no such parameter; use {', '.join(PARAMETER_NAMES)}"


def parameter_faults(changes: Mapping[str, ParameterValue | None]) -> Iterator[str]:
    """What is wrong with changes of parameters, a sentence each; None, which leaves one to the vendor, always fits."""
    for name, value in changes.items():
        fault = parameter_fault(name, value) if value is not None or name not in PARAMETER_NAMES else ""
        if fault:
            yield f"{name}: {fault}"


def read_parameter(name: str, text: str) -> ParameterValue:
    """The value that was typed; raises `ValueError` with what is wrong."""
    typed = text.strip()
    value: ParameterValue = typed
    if name != "reasoning_effort":
        plain = typed.replace(",", "").replace("_", "")
        try:
            value = int(plain) if re.fullmatch(r"[+-]?\d+", plain) else float(plain)
        except ValueError:
            value = typed
    fault = parameter_fault(name, value)
    if fault:
        raise ValueError(fault)
    return value


def overlaid(own: Mapping[str, ParameterValue], changes: Mapping[str, ParameterValue | None]) -> ModelParameters:
    """`own` with these changes; None leaves a parameter to the vendor."""
    merged = {**own, **changes}
    return {name: merged[name] for name in PARAMETER_NAMES if merged.get(name) is not None}  # type: ignore[misc]


def parameter_changes(
    before: Mapping[str, ParameterValue], after: Mapping[str, ParameterValue]
) -> dict[str, ParameterValue | None]:
    """What has to be laid over `before` to get `after`."""
    return {name: after.get(name) for name in PARAMETER_NAMES if before.get(name) != after.get(name)}
