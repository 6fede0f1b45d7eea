"""Hostile schemas end in a clear refusal; nothing is fetched and nothing hangs."""

import asyncio

import pytest

from tests.support.spawned import watch_spawn
from workbench.checking.process import ProcessChecker
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.schema import is_cheap

pytestmark = pytest.mark.child_process


def nested(depth: int) -> JsonObject:
    schema: JsonObject = {"type": "string"}
    for _ in range(depth):
        schema = {"allOf": [schema, schema]}
    return schema


def references(depth: int) -> JsonObject:
    """Each level refers to the next one twice: 2^depth checks."""
    levels: JsonObject = {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(depth)}
    return {"$defs": levels | {f"d{depth}": {}}, "$ref": "#/$defs/d0"}


HOSTILE: list[tuple[str, JsonObject, JsonValue]] = [
    ("a regex that explodes", {"properties": {"a": {"pattern": "^(a+)+$"}}}, {"a": "a" * 40 + "!"}),
    ("property names that explode", {"patternProperties": {"^(a|aa)+$": {}}}, {"a" * 60 + "!": 1}),
    ("a bomb of references", references(25), {}),
    ("a schema that refers to itself", {"$ref": "#"}, {}),
    ("a regex with what ECMA does not know", {"properties": {"a": {"pattern": "(?>a)"}}}, {"a": "x"}),
    ("a reference over the network", {"properties": {"a": {"$ref": "http://127.0.0.1:9/schema"}}}, {"a": 1}),
    ("a reference to a file", {"properties": {"a": {"$ref": "file:///etc/hostname"}}}, {"a": 1}),
    ("division by zero", {"properties": {"a": {"multipleOf": 0}}}, {"a": 1}),
    ("a type nobody knows", {"properties": {"a": {"type": "banana"}}}, {"a": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "schema", "arguments"), HOSTILE, ids=[name for name, _, _ in HOSTILE])
async def test_a_hostile_schema_is_refused_with_its_reason(name: str, schema: JsonObject, arguments: JsonValue) -> None:
    checker = ProcessChecker()
    problems = await checker.check(schema, arguments)
    await checker.close()
    assert any("schema refused" in problem.message for problem in problems)


async def test_the_checker_goes_on_after_a_refusal() -> None:
    checker = ProcessChecker()
    regex: JsonObject = {"properties": {"a": {"pattern": "^b"}}}
    for _, schema, arguments in HOSTILE[:2]:
        await checker.check(schema, arguments)
    assert await checker.check(regex, {"a": "bc"}) == ()
    assert [problem.path for problem in await checker.check(regex, {"a": "x"})] == ["/a"]
    await checker.close()


REGEX: JsonObject = {"properties": {"a": {"pattern": "^b"}}}


@pytest.mark.parametrize("steps", [1, 2, 3, 5, 8, 13, 100])
async def test_a_checker_that_is_closed_leaves_no_process_and_starts_none(
    steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = watch_spawn(monkeypatch, "workbench.checking.process.spawn")
    checker = ProcessChecker()
    checks = [asyncio.create_task(checker.check(REGEX, {"a": "bc"})) for _ in range(3)]
    for _ in range(steps):
        await asyncio.sleep(0)
    await checker.close()
    assert all(process.returncode is not None for process in started)
    for problems in await asyncio.gather(*checks, checker.check(REGEX, {"a": "bc"})):
        assert [problem.message[:14] for problem in problems] in ([], ["schema refused"])
    assert len(started) <= 1
    assert all(process.returncode is not None for process in started)


async def test_a_check_that_is_cancelled_again_while_its_process_ends_still_lets_go_of_it() -> None:
    checker = ProcessChecker()
    await checker.check(REGEX, {"a": "bc"})
    process = checker._process
    assert process is not None
    check = asyncio.create_task(checker.check(*HOSTILE[0][1:]))
    for _ in range(3):
        await asyncio.sleep(0)
        check.cancel()
    with pytest.raises(asyncio.CancelledError):
        await check
    assert process.returncode is not None
    assert process._transport.is_closing()  # type: ignore[attr-defined]
    await checker.close()


async def test_plain_schemas_need_no_process() -> None:
    checker = ProcessChecker()
    schema: JsonObject = {"type": "object", "properties": {"a": {"type": "integer", "minimum": 1}}, "required": ["a"]}
    assert is_cheap(schema)
    assert [problem.keyword for problem in await checker.check(schema, {"a": 0})] == ["minimum"]
    assert checker._process is None
    await checker.close()


def test_a_schema_with_too_many_branches_is_not_called_cheap() -> None:
    assert not is_cheap(nested(12))
