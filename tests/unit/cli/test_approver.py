"""A person at the terminal sees everything that will run, and every answer means one thing."""

import pytest

from workbench.cli import approver
from workbench.cli.approver import TerminalApprover
from workbench.cli.terminal import Terminal
from workbench.core.approval import Decision, Question
from workbench.core.grant import GrantWish
from workbench.core.ids import CallId
from workbench.core.problem import Problem
from workbench.core.sanitizer import Change
from workbench.core.tool import Tool

QUESTION = Question(
    CallId("c"),
    Tool.make("touch"),
    '{"at":"wall\\u202e"}',
    "ask *",
    "decision",
    "hash",
    (Problem("/at", "is too long"),),
    remarks=("You rejected the same call before in this run.",),
    changes=(Change("/at", "trim", " wall", "wall"),),
)


async def answer(monkeypatch: pytest.MonkeyPatch, *lines: str | None) -> Decision:
    waiting = list(lines)

    async def read(prompt: str) -> str | None:
        return waiting.pop(0)

    monkeypatch.setattr(approver, "_read_line", read)
    return await TerminalApprover(Terminal()).decide(QUESTION)


@pytest.mark.parametrize(
    ("lines", "decision"),
    [
        (["a"], Decision("approve", "person")),
        (["what?", "", "y"], Decision("approve", "person")),
        (["c"], Decision("approve", "person", grant=GrantWish("conversation"))),
        (["p"], Decision("approve", "person", grant=GrantWish("project"))),
        (["r", "no"], Decision("reject", "person", note="no")),
        (["e", '{"at":"b"}'], Decision("edit", "person", arguments_json='{"at":"b"}')),
        (["m", "felt"], Decision("mock", "person", result_text="felt")),
        (["s", "enough"], Decision("stop", "person", note="enough")),
        ([None], Decision("reject", "nobody", note="the input ended")),
    ],
)
async def test_every_answer_means_one_thing(
    monkeypatch: pytest.MonkeyPatch, lines: list[str | None], decision: Decision
) -> None:
    assert await answer(monkeypatch, *lines) == decision


async def test_what_was_changed_and_what_happened_before_is_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await answer(monkeypatch, "a")
    shown = capsys.readouterr().out
    for text in (
        'at: "wall⟨U+202E⟩"',
        '/at was changed by trim: " wall" → "wall"',
        "rejected the same call",
        "too long",
    ):
        assert text in shown
