"""Where a wire has the sampling parameters of `core/model_parameters.py`. Pure."""

from collections.abc import Iterator, Mapping

import msgspec

from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.model_parameters import OUTPUT_LIMIT, ParameterValue


class ParameterPlace(msgspec.Struct, frozen=True):
    """The keys that lead to a parameter in a request's body, the largest number that the vendor takes (0: unknown),
    and the words it takes (none: any)."""

    path: tuple[str, ...]
    most: float = 0
    values: tuple[str, ...] = ()


Places = Mapping[str, ParameterPlace]


def add_parameters(
    body: JsonObject,
    parameters: Mapping[str, ParameterValue],
    settings: JsonObject,
    places: Places,
    *,
    joins_all: bool = False,
) -> None:
    """Put the parameters that the wire has into `body`, then the settings, which have the last word.

    A setting that is a table is joined with a table that parameters are put in, or, with `joins_all`, with any.
    """
    for name, value in parameters.items():
        if name in places:
            *tables, key = places[name].path
            _table(body, tables)[key] = value
    joined = {place.path[0] for place in places.values() if len(place.path) > 1}
    for key, setting in settings.items():
        body[key] = _joined(body.get(key), setting) if joins_all or key in joined else setting


def parameter_notes(parameters: Mapping[str, ParameterValue], places: Places, vendor: str) -> Iterator[tuple[str, str]]:
    """Each parameter that is not sent or may be refused, and why."""
    for name, value in parameters.items():
        place = places.get(name)
        if name == OUTPUT_LIMIT:
            continue
        if place is None:
            yield name, f"Not sent: {vendor} has no {name}."
        elif isinstance(value, str) and place.values and value not in place.values:
            yield name, f"May be refused: {vendor} takes {', '.join(place.values)}."
        elif not isinstance(value, str) and place.most and value > place.most:
            yield name, f"May be refused: {vendor} takes at most {place.most:g}."


def _table(body: JsonObject, tables: list[str]) -> JsonObject:
    for name in tables:
        inner = body.setdefault(name, {})
        assert isinstance(inner, dict)
        body = inner
    return body


def _joined(own: JsonValue, setting: JsonValue) -> JsonValue:
    if not isinstance(own, dict) or not isinstance(setting, dict):
        return setting
    return {**own, **{key: _joined(own.get(key), value) for key, value in setting.items()}}
