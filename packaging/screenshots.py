"""Pictures of the real window with real content: `python packaging/screenshots.py OUT_DIR`.

Every picture is the real program on a copy of a sample project, answered by a script, or by the local model
in the walk of the guide (`--walk`); nothing is drawn by hand. Each scale is rendered by a process of its own, because
Qt fixes it at its start.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from pictures.approvals import approval_pictures
from pictures.editor import editor_pictures, lay_out_tool
from pictures.exports import export_pictures
from pictures.finding import finding_pictures
from pictures.microscope import QUESTION, WRONG, edit_tool, lay_out_microscope, lay_out_samples
from pictures.microscope import microscope_pictures as take_microscope
from pictures.pages import page_pictures, used_page_pictures
from pictures.replay import replay_pictures
from pictures.rules import lay_out_safety, safety_pictures
from pictures.schemas import schema_pictures
from pictures.sheets import Sheets
from pictures.stage import Shoot, Stage
from pictures.suites import suite_pictures
from pictures.tour import tour_pictures
from pictures.tracing import trace_pictures
from pictures.variants import variant_pictures
from pictures.walk import walk_pictures
from PySide6.QtWidgets import QMenu

from workbench.app.project.resources import resources
from workbench.core.grant import GrantRequest
from workbench.core.json_text import JsonObject, JsonValue
from workbench.gui.approvals.approval_body import ApprovalBody
from workbench.gui.conversation.call_card import CallCard
from workbench.gui.conversation.tool_choice_panel import ToolChoicePanel
from workbench.gui.look.look import Appearance, Look
from workbench.gui.microscope.microscope_feature import MicroscopeFeature
from workbench.gui.schema_editor.schema_editor_feature import SchemaEditorFeature
from workbench.gui.window.qt_loop import make_application, run_on_qt_loop

_HOSTILE_ANSWERS: list[JsonObject] = [
    {
        "text": "Let me look at <b>the order</b> ![pixel](https://example.invalid/pixel.png) "
        "and [here](javascript:alert(1)) \u202eesrever\u202c \u001b[31mred.",
        "calls": [
            {"tool": "get_order_details", "arguments": {"order_id": 1042}},
            {"tool": "refund_everything", "arguments": {"order": "1042"}},
            {"tool": "check_stock", "arguments_json": '{"product_id": '},
        ],
        "usage": {"input_tokens": 1913, "output_tokens": 88},
    },
    {"fail": {"kind": "rate_limit", "status": 429, "retry_after_s": 0.2, "message": "Too many requests."}},
    {"text": "I could not find that order. What is its full number", "cut_off": True},
]


async def _first_view(look: Look, home: Path, shoot: Shoot) -> None:
    stage = Stage(look, home)
    await shoot(stage, "first_view")
    await stage.close()


async def _untrusted(look: Look, home: Path, shoot: Shoot) -> None:
    stage = Stage(look, home, is_trusted=False)
    await shoot(stage, "untrusted")
    await stage.close()


async def _approval(look: Look, home: Path, shoot: Shoot) -> None:
    stage = Stage(look, home)
    await stage.to_approval()
    stage.window.go_to_approval()
    await shoot(stage, "approval")
    card = stage.window.approvals.cards[0]
    card.start("edit")
    body = stage.pane.chat.findChildren(ApprovalBody)[0]
    assert body.box is not None
    body.box.editor.setPlainText(card.draft.replace('"ana@example.com"', "42"))
    await shoot(stage, "approval_edit")
    card.cancel()
    stage.window.approvals_dock.show()
    card.start("reject")
    await shoot(stage, "approval_reject")
    card.cancel()
    stage.window.approvals_dock.hide()
    await stage.to_end()
    for widget in stage.pane.chat.findChildren(CallCard)[:1]:
        widget.expand(True)
    await shoot(stage, "finished")
    stage.window.palette_.open()
    await shoot(stage, "palette")
    stage.window.palette_.hide()
    stage.pane.composer.choice.click()
    await shoot(stage, "tool_choice")
    for panel in stage.window.findChildren(ToolChoicePanel):
        panel.hide()
    await stage.close()


async def _problems(look: Look, home: Path, shoot: Shoot) -> None:
    """A damaged project and hostile answers: everything is said, nothing happens."""
    stage = Stage(look, home, sample="shop-support", answers=_HOSTILE_ANSWERS, damage=_damage)
    stage.pane.composer.editor.setPlainText("Where is order 1042? Refund it if it is late.")
    stage.window.run()
    live = stage.pane.conversation.live
    assert live is not None
    await live.finished()
    problems = stage.window.explorer.sections[0]
    await shoot(stage, "hostile")
    stage.window.open_item(problems.items[0])
    await shoot(stage, "problems")
    await stage.close()


async def _editor(look: Look, home: Path, shoot: Shoot) -> None:
    """The schema editor with a nested tool; the trace gives it its room."""
    stage = Stage(look, home, sample="shop-support")
    stage.window.commands["trace"].trigger()
    page = stage.window.features.of(SchemaEditorFeature).open_file(lay_out_tool(stage.session.project.folder))
    assert page is not None
    await editor_pictures(page, lambda name: shoot(stage, name))
    await stage.close()


async def _safety(look: Look, home: Path, shoot: Shoot) -> None:
    """Rules, servers and mocks; the trace gives them its room."""
    stage = Stage(look, home, sample="shop-support", damage=lay_out_safety)
    stage.window.commands["trace"].trigger()
    await safety_pictures(stage.window.features, stage.session, lambda name: shoot(stage, name))
    await stage.close()


async def _together(look: Look, home: Path, shoot: Shoot) -> None:
    """Two calls that wait, with little time left, and the line that decides about both."""
    calls: list[JsonValue] = [
        {"tool": "cancel_order", "arguments": {"order_id": order, "reason": "changed my mind"}}
        for order in ("A-1004", "A-1002")
    ]
    stage = Stage(
        look, home, sample="shop-support", answers=[{"calls": calls}, {"text": "Both."}], damage=lay_out_safety
    )
    await stage.to_approval()
    stage.window.approvals.ask_together("approve")
    await shoot(stage, "approval_together")
    stage.window.approvals.take_back()
    card = stage.window.approvals.cards[0]
    card.allow(GrantRequest("project", "exact"))
    stage.pane.chat.findChildren(ApprovalBody)[0].buttons.open_failures()
    await shoot(stage, "approval_fail")
    for menu in stage.window.findChildren(QMenu):
        menu.hide()
    await stage.close()


async def _microscope(look: Look, home: Path, shoot: Shoot) -> None:
    """A wrong choice under the microscope, before and after an edit; the trace gives it its room."""
    stage = Stage(look, home, sample="shop-support", answers=WRONG, damage=lay_out_microscope)
    stage.window.commands["trace"].trigger()
    stage.pane.composer.editor.setPlainText(QUESTION)
    stage.window.run()
    live = stage.pane.conversation.live
    assert live is not None
    await live.finished()
    edit_tool(stage.session.project.folder)
    await stage.window.read_again()
    lay_out_samples(stage.session.project.folder, live.run_id)
    await take_microscope(stage.window.features.of(MicroscopeFeature), live.run_id, lambda name: shoot(stage, name))
    await stage.close()


def _damage(folder: Path) -> None:
    tool = folder / "tools" / "track_order.json"
    tool.write_text(
        tool.read_text(encoding="utf-8").replace('"inputSchema"', '"inputSchema" oops', 1), encoding="utf-8"
    )


async def _trace(look: Look, home: Path, shoot: Shoot) -> None:
    """A priced run, looked at closely, and where prices and limits are kept."""
    stage = Stage(look, home)
    await trace_pictures(stage, lambda name: shoot(stage, name))
    await stage.close()


Scene = Callable[[Look, Path, Shoot], Awaitable[None]]
_SCENES: tuple[Scene, ...] = (
    _first_view,
    _untrusted,
    _approval,
    _problems,
    _editor,
    _safety,
    finding_pictures,
    _together,
    approval_pictures,
    tour_pictures,
    replay_pictures,
    variant_pictures,
    export_pictures,
    schema_pictures,
    _microscope,
    _trace,
)


_MODEL_SCENES: tuple[Scene, ...] = (walk_pictures, suite_pictures)
_PAGES: tuple[Scene, ...] = (page_pictures, used_page_pictures)
"""Only on sheets: the guide has pictures of its own for them."""


def main(arguments: list[str]) -> int:
    """Render everything into a folder, each scale in a process of its own."""
    parser = argparse.ArgumentParser(prog="screenshots.py", description=__doc__)
    parser.add_argument("out", type=Path, metavar="OUT_DIR")
    parser.add_argument("--walk", action="store_true", help="the guide's walk and a suite with the local model; slow")
    parser.add_argument("--sheets", action="store_true", help="contact sheets: every look, three sizes, and 200 %%")
    parser.add_argument("--only", default="", metavar="NAMES", help="scenes whose names hold one of these, by commas")
    parser.add_argument("--groups", default="", metavar="NAMES", help="of the sheets, such as dark_100_1024, by commas")
    parser.add_argument("--scale", choices=("1", "2"), help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.scale:
        return _render(given)
    given.out.mkdir(parents=True, exist_ok=True)
    for scale in ("1",) if given.walk or given.sheets else ("1", "2"):
        environment = {**os.environ, "QT_SCALE_FACTOR": scale, "QT_QPA_PLATFORM": "offscreen"}
        command = [sys.executable, __file__, "--scale", scale, *arguments]
        if (code := subprocess.run(command, env=environment, check=False).returncode) != 0:
            return code
    return 0


def _render(given: argparse.Namespace) -> int:
    app = make_application([])
    scenes = _MODEL_SCENES if given.walk else (*_SCENES, *_PAGES) if given.sheets else _SCENES
    words = given.only.split(",")
    scenes = tuple(scene for scene in scenes if any(word in scene.__name__ for word in words))

    async def render() -> int:
        look = Look(app, resources() / "icons")
        if given.sheets:
            look.show("light", 1.0)
            sheets = Sheets(look, given.out, given.groups)
            await _play(scenes, look, sheets.shoot)
            sheets.join()
            return 0
        appearances: tuple[Appearance, ...] = ("light", "dark")
        for appearance in appearances:
            look.show(appearance, 1.0)

            async def shoot(stage: Stage, name: str, appearance: str = appearance) -> None:
                await stage.shoot(given.out / f"{name}_{appearance}_{given.scale}00.png")

            await _play(scenes, look, shoot)
        return 0

    return run_on_qt_loop(app, render())


async def _play(scenes: tuple[Scene, ...], look: Look, shoot: Shoot) -> None:
    for scene in scenes:
        with tempfile.TemporaryDirectory() as home:
            await scene(look, Path(home), shoot)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
