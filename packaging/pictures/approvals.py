"""What the pictures of approvals show: hostile arguments, a permission by pattern, and the seconds to undo."""

import asyncio
from pathlib import Path

from pictures.stage import Shoot, Stage
from workbench.core.grant import GrantRequest
from workbench.core.json_text import JsonObject
from workbench.gui.approvals.approval_body import ApprovalBody
from workbench.gui.look.look import Look

_HOSTILE: JsonObject = {
    "to": "ana@example.com<br><h1>Safe to approve</h1>",
    "subject": "Weather \u202egnp.erehton\u202c \u200bfor\u2066 you\u2069",
    "body": "Paris 14 °C\n[click](javascript:alert(1)) ![x](file:///etc/passwd)\n\x1b[31mred\x1b[0m ｐａｙ now",
}
_PLAIN: JsonObject = {"to": "ana@example.com", "subject": "Weather", "body": "Paris 14 °C, Oslo 3 °C"}


async def approval_pictures(look: Look, home: Path, shoot: Shoot) -> None:
    """Two waiting mails: one that would like to look harmless, one that is approved with a pattern and held."""
    answers: list[JsonObject] = [
        {"calls": [{"tool": "send_email", "arguments": one} for one in (_PLAIN, _HOSTILE)]},
        {"text": "Both are sent."},
    ]
    stage = Stage(look, home, answers=answers)
    await stage.to_approval()
    plain, hostile = stage.window.approvals.cards
    bodies = {body.card: body for body in stage.pane.chat.findChildren(ApprovalBody)}
    bodies[hostile].setFocus()
    stage.pane.chat.focus_card(hostile.question.call_id)
    await shoot(stage, "approval_hostile")
    plain.allow(GrantRequest("project", "patterns"))
    plain.write_pattern("to", "*@example.com")
    plain.write_pattern("body", "Hello*")
    stage.pane.chat.focus_card(plain.question.call_id)
    await shoot(stage, "approval_patterns")
    plain.write_pattern("body", "*")
    plain.approve()
    stage.window.approvals_dock.show()
    await shoot(stage, "approval_undo")
    plain.take_back()
    for card in (plain, hostile):
        card.start("reject")
        card.submit()
    live = stage.pane.conversation.live
    if live is not None:
        await live.finished()
    await asyncio.sleep(0.1)
    await stage.close()
