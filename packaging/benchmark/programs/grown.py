"""Histories and projects that have grown, written as the engine and a person would write them."""

import json
from pathlib import Path

from tests.support.long_chat import run_name, said_in, turn
from workbench.core.event import RunEvent
from workbench.core.ids import RunId
from workbench.core.log import EventLog
from workbench.core.message import Message
from workbench.store.runs import RunStore

_AT_ONCE = 200
"""So many runs are handed to the store before it has written them: it waits for no more than some seconds' work."""


def record_conversation(store: RunStore, turns: int) -> RunId:
    """Record a conversation of so many turns; its newest run."""
    history: tuple[Message, ...] = ()
    for number in range(turns):
        events = turn(number, history)
        _record(store, number, events)
        history = (*history, *said_in(events))
    store.flush()
    return run_name(turns - 1)


def record_runs(store: RunStore, first: int, count: int) -> None:
    """Record so many conversations of one run each, numbered from `first`."""
    for number in range(first, first + count):
        _record(store, number, turn(0, chat=f"chat{number:06}-"))
    store.flush()


def write_tools(folder: Path, count: int) -> None:
    """A project with so many Python tools."""
    (folder / "tools").mkdir(parents=True)
    rows = [f'[executors.tool_{number:04}]\nkind = "python"\nfunction = "m:f"\n' for number in range(count)]
    (folder / "workbench.toml").write_text('format = 1\nname = "Grown"\n' + "\n".join(rows), encoding="utf-8")
    for number in range(count):
        write_tool(folder, number, "It does the thing of its number, carefully.")


def write_tool(folder: Path, number: int, description: str) -> None:
    """Write or change one of these tools."""
    properties = {name: {"type": "string", "description": f"The {name}."} for name in ("order", "reason", "amount")}
    schema = {"type": "object", "properties": properties, "required": ["order"]}
    document = {"name": f"tool_{number:04}", "description": description, "inputSchema": schema}
    (folder / "tools" / f"tool_{number:04}.json").write_text(json.dumps(document), encoding="utf-8")


def write_code(folder: Path, files: int) -> None:
    """So many files of code, a hundred in a folder."""
    for number in range(files):
        path = folder / "python" / f"package{number // 100}" / f"module{number}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x = 1\n" * 100, encoding="utf-8")


def _record(store: RunStore, number: int, events: list[RunEvent]) -> None:
    log = EventLog()
    store.follow(log)
    for event in events:
        log.append(event)
    if number % _AT_ONCE == 0:
        store.flush()
