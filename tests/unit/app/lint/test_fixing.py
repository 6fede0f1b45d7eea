"""All fixes of a tool or a project are made together."""

import json
from pathlib import Path

from workbench.app.lint.fixing import fix_everything, fixed_text
from workbench.core.json_text import JsonObject

TWICE: JsonObject = {
    "name": "find_orders",
    "description": "Find orders, when no number is known.",
    "inputSchema": {
        "type": "object",
        "properties": {"state": {"type": "string", "enum": ["open", "open", "sent", "open"], "default": 3}},
        "required": ["a", "b"],
    },
}


def test_fixes_that_move_each_other_are_all_made() -> None:
    text, fixes = fixed_text(json.dumps(TWICE))
    state = json.loads(text)["inputSchema"]["properties"]["state"]
    assert state == {"type": "string", "enum": ["open", "sent"]}
    assert json.loads(text)["inputSchema"]["required"] == []
    assert len(fixes) == 5
    assert fixed_text(text) == (text, ())
    assert fixed_text("[") == ("[", ())


def test_files_are_fixed_together_and_put_back_by_one_undo(tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    before = {"a.json": b"\xef\xbb\xbf" + json.dumps(TWICE).encode(), "b.json": b"{", "c.json": b"\xff\xfe"}
    for name, content in before.items():
        (tools / name).write_bytes(content)
    fixed = fix_everything(tmp_path)
    assert {file for file, _ in fixed.made} == {"tools/a.json"}
    assert (tools / "a.json").read_bytes().startswith(b"\xef\xbb\xbf")
    assert fix_everything(tmp_path).made == ()
    fixed.files.undo()
    assert {path.name: path.read_bytes() for path in tools.iterdir()} == before
