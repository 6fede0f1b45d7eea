"""Pictures of the real window with real content: `python packaging/screenshots.py OUT_DIR`.

Every picture is the real program on a copy of a sample project, answered by a script, or by the local model
in the walk of the guide (`--walk`); nothing is drawn by hand. Each scale is rendered by a process of its own, because
Qt fixes it at its start.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from pictures.approvals import approval_pictures
from pictures.editor import editor_pictures, lay_out_tool
from pictures.exports import export_pictures
from pictures.finding import finding_pictures
from pictures.microscope import QUESTION, WRONG, edit_tool, lay_out_microscope, lay_out_samples
from pictures.microscope import microscope_pictures as take_microscope
from pictures.replay import replay_pictures
from pictures.rules import lay_out_safety, safety_pictures
from pictures.schemas import schema_pictures
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


_SCENES = (
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


def main(arguments: list[str]) -> int:
    """Render everything into the folder named, in light and dark, at 100 % and 200 %. With `--walk`, walk the guide's
    walk and run a suite with the local model instead, which takes its time."""
    is_walk = "--walk" in arguments
    arguments = [argument for argument in arguments if argument != "--walk"]
    if len(arguments) != 1:
        sys.stderr.write("usage: python packaging/screenshots.py OUT_DIR [--walk]\n")
        return 2
    out = Path(arguments[0])
    out.mkdir(parents=True, exist_ok=True)
    for scale in ("walk",) if is_walk else ("1", "2"):
        environment = {**os.environ, "QT_SCALE_FACTOR": "1" if is_walk else scale, "QT_QPA_PLATFORM": "offscreen"}
        command = [sys.executable, __file__, "--scale", scale, str(out)]
        if (code := subprocess.run(command, env=environment, check=False).returncode) != 0:
            return code
    return 0


def _render(out: Path, scale: str) -> int:
    app = make_application([])

    async def render() -> int:
        look = Look(app, resources() / "icons")
        appearances: tuple[Appearance, ...] = ("light", "dark")
        for appearance in appearances:
            look.show(appearance, 1.0)
            for scene in (walk_pictures, suite_pictures) if scale == "walk" else _SCENES:

                async def shoot(stage: Stage, name: str, appearance: str = appearance) -> None:
                    await stage.shoot(out / f"{name}_{appearance}_{'1' if scale == 'walk' else scale}00.png")

                with tempfile.TemporaryDirectory() as home:
                    await scene(look, Path(home), shoot)
        return 0

    return run_on_qt_loop(app, render())


if __name__ == "__main__":
    given = sys.argv[1:]
    sys.exit(_render(Path(given[2]), given[1]) if given[:1] == ["--scale"] else main(given))
