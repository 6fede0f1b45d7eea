"""What the pictures of variants show: edits of a sample, made into variants, and the calls of recorded runs."""

import asyncio
from pathlib import Path

from pictures.stage import Shoot, Stage
from workbench.app.runs.run_options import RunOptions
from workbench.core.approval import ALLOW_ALL
from workbench.core.json_text import JsonObject
from workbench.core.variant import ToolEdit, Variant
from workbench.gui.look.look import Look
from workbench.gui.recorded_calls.recorded_calls_feature import RecordedCallsFeature
from workbench.gui.schema_editor.editor_page import EditorPage
from workbench.gui.schema_editor.schema_editor_feature import SchemaEditorFeature
from workbench.gui.variants.variants_feature import VariantsFeature

ANSWERS: list[JsonObject] = [
    {
        "calls": [
            {"tool": "track_order", "arguments": {"order_id": "A-1004"}},
            {"tool": "get_order_details", "arguments": {"order_id": "A-1004"}},
        ],
        "usage": {"input_tokens": 1840, "output_tokens": 64},
    },
    {
        "calls": [
            {"tool": "track_order", "arguments": {"order_id": "1002"}},
            {"tool": "check_stock", "arguments": {"product_id": "P-7"}},
        ],
        "usage": {"input_tokens": 2210, "output_tokens": 58},
    },
    {"text": "Order A-1004 is on its way."},
]
_MESSAGES = ("Where is my order A-1004?", "And order 1002?", "Is P-7 in stock?")
_ORDER = "/inputSchema/properties/order_id"


async def variant_pictures(look: Look, home: Path, shoot: Shoot) -> None:
    """The list with a diff, a variant that does not fit, the strip in the editor, and the recorded calls."""
    stage = Stage(look, home, sample="shop-support", answers=ANSWERS)
    stage.window.commands["trace"].trigger()
    for message in _MESSAGES:  # so that there is something to judge
        await stage.session.runs.start(message, RunOptions(policy=ALLOW_ALL)).finished()
    feature = stage.window.features.of(VariantsFeature)
    store = feature.variants.store
    store.save(
        Variant(
            name="say-when",
            note="say when to use which order tool",
            tools={
                "track_order": ToolEdit(description="Say where the parcel of an order is now and when it will arrive."),
                "get_order_details": ToolEdit(
                    description="List what was ordered and what was paid. Does not know where the parcel is."
                ),
            },
            instructions="You help the customers of a small shop. Look things up before you answer; never guess.",
            tool_choice="required",
        )
    )
    store.save(Variant(name="one-tool-less", removed=("check_stock",)))
    store.save(Variant(name="last-spring", removed=("gift_wrap",), instructions="Be brief."))
    feature.variants.refresh()
    page = feature.open_page("say-when")
    await _judged(page.strip.report)
    await shoot(stage, "variants")
    feature.open_page("last-spring")
    await shoot(stage, "variants_misfit")
    editor = stage.window.features.of(SchemaEditorFeature).open_tool("track_order")
    assert editor is not None
    _edit(editor)
    await asyncio.sleep(1.2)
    await shoot(stage, "editor_checked")
    editor.show_side("Changes")
    editor.editor.bases.choose("variant:say-when")
    await shoot(stage, "editor_variant")
    stage.window.features.of(RecordedCallsFeature).check_project("track_order")
    await asyncio.sleep(0.8)
    await shoot(stage, "recorded_calls")
    stage.window.new_conversation()
    stage.pane.conversation.composer.choose_variant("say-when")
    await shoot(stage, "composer_variant")
    await stage.close()


def _edit(page: EditorPage) -> None:
    editor = page.editor
    editor.form.select(_ORDER)
    pattern = next(field for field in editor.form.fields if field.key == "pattern")
    editor.write_field(pattern, "^A-[0-9]{4}$")


async def _judged(report: object) -> None:
    for _ in range(100):
        if getattr(report, "lines", ()):
            return
        await asyncio.sleep(0.05)
