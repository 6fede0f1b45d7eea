"""What the pictures of the microscope show: a parcel was asked for, and the order was looked up instead."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path

from workbench.core.ids import RunId
from workbench.core.json_text import JsonObject, JsonValue
from workbench.gui.microscope.microscope_feature import MicroscopeFeature
from workbench.gui.microscope.panels import PANELS
from workbench.viewmodels.microscope.mark_form import MarkForm
from workbench.viewmodels.runs.run_place import RunPlace

QUESTION = "Where is my order A-1002?"
WRONG: list[JsonObject] = [
    {
        "calls": [{"tool": "get_order_details", "arguments": {"order_id": "A-1002"}}],
        "usage": {"input_tokens": 1604, "output_tokens": 24},
    },
    {"text": "Your order A-1002 holds one Trail 40 backpack.", "usage": {"input_tokens": 1702, "output_tokens": 18}},
]
BETTER = "Where is my order? Track a parcel: where it is now, carrier and day of arrival."
_AT = 1_793_000_000.0
_SHORT: JsonObject = {
    "name": "shorter",
    "tools": {"get_order_details": {"description": "Items and prices of an order."}},
}
Answer = tuple[str, JsonObject] | str
_DETAILS: Answer = ("get_order_details", {"order_id": "A-1002"})
_TRACK: Answer = ("track_order", {"order_id": "A-1002"})
_USER: Answer = ("get_order_history", {"user_id": "A-1002"})


def lay_out_microscope(project: Path) -> None:
    """Put a variant into a copy of the sample."""
    (project / "variants").mkdir(exist_ok=True)
    variant = {"format": 1, "note": "says less about orders", "tools": _SHORT["tools"]}
    (project / "variants" / "shorter.json").write_text(json.dumps(variant, indent=2), encoding="utf-8")


def edit_tool(project: Path) -> None:
    """Say in the tool's description what people ask for."""
    file = project / "tools" / "track_order.json"
    document = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**document, "description": BETTER}, indent=2), encoding="utf-8")


def lay_out_samples(project: Path, run_id: RunId) -> None:
    """Write down what was sampled before, as the program keeps it."""
    edits: JsonObject = {"name": "edits", "tools": {"track_order": {"description": BETTER}}}
    arms: tuple[tuple[JsonObject, list[Answer]], ...] = (
        ({}, [_DETAILS] * 17 + [_TRACK] * 5 + [_USER] + ["Which order do you mean?"]),
        ({"name": "the tools as they are now", "variant": edits}, [_TRACK] * 21 + [_DETAILS] * 3),
        ({"name": "shorter", "variant": _SHORT}, [_DETAILS] * 13 + [_TRACK] * 9 + ["", ""]),
    )
    folder = project / ".workbench" / "samplings"
    folder.mkdir(parents=True, exist_ok=True)
    for number, (arm, answers) in enumerate(arms):
        name = f"{run_id}-20261026-10{number}000-picture"
        samples: list[JsonValue] = [_sample(place, answer) for place, answer in enumerate(answers, 1)]
        changes = (
            ["tools/track_order/description: {-Find out where an order is now-}{+Where is my order?+} …"]
            if number == 1
            else []
        )
        kept: JsonObject = {
            "format": 1,
            "kind": "sampling",
            "sampling_id": name,
            "at": _AT + 100 * number,
            "run_id": run_id,
            "point": "turn-1/round-1",
            "arm": arm,
            "model": "demo.json",
            "question": str(number),
            "changes": list(changes),
            "sampling": {"samples": samples, "wanted": len(samples), "took_s": 4.0},
        }
        (folder / f"{name}.json").write_text(json.dumps(kept), encoding="utf-8")


async def microscope_pictures(
    microscope: MicroscopeFeature, run_id: RunId, shoot: Callable[[str], Awaitable[None]]
) -> None:
    """The page with a mark and three ways to ask side by side, its votes, the list of marks, and every panel."""
    page = await microscope.page(RunPlace("call", run_id, "turn-1/round-1/call-1"))  # type: ignore[arg-type]
    assert page is not None
    form: MarkForm = page.mark.form
    form.choose("track_order")
    form.keep()
    await page.votes.votes.kept.load()
    await shoot("microscope")
    page.mark.more.setChecked(True)
    form.write_arguments('{"order_id": 1002}')
    page.votes.votes.open(1)
    await shoot("microscope_mark")
    form.write_arguments("")
    page.mark.more.setChecked(False)
    bar = page.votes.verticalScrollBar()
    bar.setValue(bar.maximum())
    await shoot("microscope_kept")
    for title, _ in PANELS:
        page.show_panel(title)
        await shoot(f"microscope_{title.lower().replace(' ', '_').replace('?', '')}")
    microscope.list_marks()
    await shoot("marks")


def _sample(number: int, answer: Answer) -> JsonObject:
    if answer == "":
        return {"number": number, "failure": "The model server was overloaded.", "failure_kind": "overloaded"}
    if isinstance(answer, str):
        part: JsonObject = {"type": "text", "text": answer}
    else:
        arguments = json.dumps(answer[1])
        part = {"type": "tool_call", "wire_call_id": f"w-{number}", "tool": answer[0], "arguments_json": arguments}
    reason = "answered" if isinstance(answer, str) else "tool_calls"
    return {"number": number, "response": {"parts": [part], "stop_reason": reason}, "latency_ms": 900.0}
