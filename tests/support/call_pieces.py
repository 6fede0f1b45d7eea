"""Which call does a piece belong to? What servers of Chat Completions send, and the calls it stands for."""

from typing import Any

from workbench.core.json_text import JsonObject

OSLO, BERN = '{"city":"Oslo"}', '{"city":"Bern"}'
NO_INDEX = object()


def piece(
    name: str | None = None, text: Any = None, *, index: Any = NO_INDEX, id: Any = None, **more: Any
) -> JsonObject:
    """A piece as a server would send it: only the keys that are given."""
    function = {key: value for key, value in (("name", name), ("arguments", text)) if value is not None}
    made: JsonObject = (
        {"type": "function", "function": function, **more} if name is not None else {"function": function}
    )
    if index is not NO_INDEX:
        made["index"] = index
    if id is not None:
        made["id"] = id
    return made


def w(text: Any = None, **keys: Any) -> JsonObject:
    return piece("get_weather", text, **keys)


def rest(text: str, **keys: Any) -> JsonObject:
    return piece(None, text, **keys)


WEATHER_OSLO = ("get_weather", OSLO)
WEATHER_BERN = ("get_weather", BERN)
PING = ("ping", "{}")

# What the case is · the chunks, each a list of pieces · the calls.
CASES: dict[str, tuple[list[list[JsonObject]], list[tuple[str, str]]]] = {
    "index and id once, then arguments": (
        [[w("", index=0, id="a")], [rest('{"city":', index=0)], [rest('"Oslo"}', index=0)]],
        [WEATHER_OSLO],
    ),
    "two calls, their pieces mixed": (
        [
            [w("", index=0, id="a"), piece("ping", "", index=1, id="b")],
            [rest('{"city":', index=0), rest("{", index=1)],
            [rest("}", index=1), rest('"Oslo"}', index=0)],
        ],
        [WEATHER_OSLO, PING],
    ),
    "no index, no id": (
        [[w()], [rest('{"city":')], [rest('"Oslo"}')], [piece("ping")], [rest("{}")]],
        [WEATHER_OSLO, PING],
    ),
    "no index, no id, the same tool again": (
        [[w()], [rest(OSLO)], [w()], [rest('{"city":')], [rest('"Bern"}')]],
        [WEATHER_OSLO, WEATHER_BERN],
    ),
    "no index, no id, no arguments, then another": (
        [[piece("ping", "")], [w("")], [rest(OSLO)]],
        [("ping", ""), WEATHER_OSLO],
    ),
    "no index, no id, whole calls": ([[w(OSLO)], [w(BERN)], [piece("ping", "{}")]], [WEATHER_OSLO, WEATHER_BERN, PING]),
    "no index, ids": (
        [[w(id="a")], [rest('{"city":')], [rest('"Oslo"}')], [piece("ping", id="b")], [rest("{}", id="b")]],
        [WEATHER_OSLO, PING],
    ),
    "an index that comes late": ([[w()], [rest('{"city":', index=0)], [rest('"Oslo"}', index=0)]], [WEATHER_OSLO]),
    "an index that comes once": ([[w(index=0, id="a")], [rest('{"city":')], [rest('"Oslo"}')]], [WEATHER_OSLO]),
    "an index in quotes": (
        [[w(index="0", id="a")], [piece("ping", "{}", index="1", id="b")], [rest(OSLO, index="0")]],
        [WEATHER_OSLO, PING],
    ),
    "an index that is none": (
        [[w(OSLO, index=None, id="a")], [piece("ping", "{}", index=[], id="b")]],
        [WEATHER_OSLO, PING],
    ),
    "indices that begin at one": (
        [[w(OSLO, index=1, id="a")], [piece("ping", "{}", index=2, id="b")]],
        [WEATHER_OSLO, PING],
    ),
    "one index for all, ids": (
        [[w(index=0, id="a")], [rest(OSLO, index=0)], [piece("ping", index=0, id="b")], [rest("{}", index=0)]],
        [WEATHER_OSLO, PING],
    ),
    "one index for all, ids, the same tool": (
        [[w("", index=0, id="a")], [rest(OSLO, index=0)], [w("", index=0, id="b")], [rest(BERN, index=0)]],
        [WEATHER_OSLO, WEATHER_BERN],
    ),
    "one index for all, no ids": (
        [[w(index=0)], [rest(OSLO, index=0)], [piece("ping", index=0)], [rest("{}", index=0)]],
        [WEATHER_OSLO, PING],
    ),
    "one index for all, empty ids, whole calls in one list": (
        [[w(OSLO, index=0, id=""), w(BERN, index=0, id=""), piece("ping", "{}", index=0, id="")]],
        [WEATHER_OSLO, WEATHER_BERN, PING],
    ),
    "one index for all, the same whole call twice under two ids": (
        [[w(OSLO, index=0, id="a")], [w(OSLO, index=0, id="b")]],
        [WEATHER_OSLO, WEATHER_OSLO],
    ),
    "equal calls in one list without ids": ([[w(OSLO), w(OSLO)]], [WEATHER_OSLO, WEATHER_OSLO]),
    "equal calls at two indices without ids": ([[w(OSLO, index=0)], [w(OSLO, index=1)]], [WEATHER_OSLO, WEATHER_OSLO]),
    "an id that changes with every piece": (
        [
            [w("", index=0, id="a1")],
            [w('{"city":', index=0, id="a2")],
            [w('"Oslo"}', index=0, id="a3")],
        ],
        [WEATHER_OSLO],
    ),
    "an id that changes, the name once": (
        [[w("", index=0, id="a1")], [rest('{"city":', index=0, id="a2")], [rest('"Oslo"}', index=0, id="a3")]],
        [WEATHER_OSLO],
    ),
    "an id that changes, and an empty piece at the end": (
        [[w('{"city":', index=0, id="a1")], [w('"Oslo"}', index=0, id="a2")], [w("", index=0, id="a3")]],
        [WEATHER_OSLO],
    ),
    "ids that change, two calls at their indices": (
        [
            [w('{"city":', index=0, id="a1")],
            [w('"Oslo"}', index=0, id="a2")],
            [w('{"city":', index=1, id="b1")],
            [w('"Bern"}', index=1, id="b2")],
        ],
        [WEATHER_OSLO, WEATHER_BERN],
    ),
    "nested braces, the name in every piece": (
        [[piece("f", '{"a":{"b":1}', index=0, id="a1")], [piece("f", ',"c":{"d":2}}', index=0, id="a2")]],
        [("f", '{"a":{"b":1},"c":{"d":2}}')],
    ),
    "the name in every piece": (
        [
            [w("", index=0, id="a")],
            [w('{"city"', index=0, id="a")],
            [w(':"Oslo"}', index=0, id="a")],
            [w("", index=0, id="a")],
        ],
        [WEATHER_OSLO],
    ),
    "the name in pieces": (
        [[piece("get_", index=0, id="a")], [{"index": 0, "function": {"name": "weather"}}], [rest(OSLO, index=0)]],
        [WEATHER_OSLO],
    ),
    "the name as far as it is known": (
        [[piece("get_", "", index=0, id="a")], [w("", index=0, id="a")], [rest(OSLO, index=0)]],
        [WEATHER_OSLO],
    ),
    "the name after the arguments": ([[rest(OSLO, index=0, id="a")], [w("", index=0, id="a")]], [WEATHER_OSLO]),
    "the same call at two indices": (
        [[w("", index=0, id="a")], [rest(OSLO, index=0, id="a")], [w(OSLO, index=1, id="a")]],
        [WEATHER_OSLO],
    ),
    "the same call at two indices, in pieces": (
        [
            [w("", index=0, id="a")],
            [rest(OSLO, index=0)],
            [w("", index=1, id="a")],
            [rest('{"city": ', index=1)],
            [rest('"Oslo"}', index=1)],
        ],
        [WEATHER_OSLO],
    ),
    "one id, but other arguments": (
        [[w(OSLO, index=0, id="a")], [w(BERN, index=1, id="a")]],
        [WEATHER_OSLO, WEATHER_BERN],
    ),
    "the whole call again at the end": (
        [[w("", index=0, id="a")], [rest('{"city":', index=0)], [rest('"Oslo"}', index=0)], [w(OSLO, index=0, id="a")]],
        [WEATHER_OSLO],
    ),
    "the whole arguments again at the end": (
        [[w("", index=0, id="a")], [rest('{"city":', index=0)], [rest('"Oslo"}', index=0)], [rest(OSLO, index=0)]],
        [WEATHER_OSLO],
    ),
    "all calls again at the end, without index": (
        [
            [w(OSLO, index=0, id="a"), piece("ping", "{}", index=1, id="b")],
            [w(OSLO, id="a"), piece("ping", "{}", id="b")],
        ],
        [WEATHER_OSLO, PING],
    ),
    "arguments as an object": ([[w({"city": "Oslo"}, index=0, id="a")]], [WEATHER_OSLO]),
    "an empty object, then the arguments": ([[w({}, index=0, id="a")], [rest(OSLO, index=0)]], [WEATHER_OSLO]),
    "an empty object and nothing else": ([[piece("ping", {}, index=0, id="a")]], [PING]),
    "no arguments at all": ([[piece("ping", index=0, id="a")]], [("ping", "")]),
    "arguments that are null": (
        [[piece("ping", index=0, id="a", function={"name": "ping", "arguments": None})]],
        [("ping", "")],
    ),
    "numbers as ids": (
        [[w(OSLO, id=7)], [piece("ping", "{}", id=8)], [rest(" ", id=7)]],
        [("get_weather", OSLO + " "), PING],
    ),
    "a name that is null": ([[{"index": 0, "id": "a", "function": {"name": None, "arguments": "{}"}}]], [("", "{}")]),
    "one call that is not in a list": ([w(OSLO, id="a")], [WEATHER_OSLO]),  # type: ignore[list-item]
    "null among the calls": ([[None, w(OSLO, id="a")]], [WEATHER_OSLO]),  # type: ignore[list-item]
}
