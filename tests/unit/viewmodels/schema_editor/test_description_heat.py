"""The heat of a description in the editor."""

from datetime import UTC, datetime
from pathlib import Path

from workbench.app.microscope.sentence_heat import Heat, HeatStore, SentenceHeat
from workbench.core.distribution import Distribution, Effect
from workbench.core.interval import Interval
from workbench.core.sentence import sentences
from workbench.viewmodels.schema_editor.description_heat import description_heat

TEXT = "Find a parcel. Never for refunds."


def kept(folder: Path, *, expected: str | None = None) -> None:
    """A heat on disk: the first sentence draws, the second does nothing that is sure."""
    first, second = sentences(TEXT)
    found = (
        SentenceHeat(
            first, Distribution(), Effect(1.0, 0.2, Interval(-0.97, -0.4)), Effect(0.0, 0.5, Interval(0.1, 0.9))
        ),
        SentenceHeat(second, Distribution(), Effect(1.0, 0.9, Interval(-0.3, 0.1)), None),
    )
    heat = Heat(
        tool="track",
        description=TEXT,
        run_id="run",
        point="turn-1/round-1",
        model="local",
        at=datetime(2026, 11, 21, 14, 2, tzinfo=UTC),
        trials=20,
        chosen=("buy",),
        expected=expected,
        base=Distribution(),
        sentences=found,
    )
    HeatStore(folder).keep(heat)


def test_each_sentence_has_a_tint_and_a_figure_with_what_it_was_measured_on(tmp_path: Path) -> None:
    kept(tmp_path)
    shown = description_heat(HeatStore(tmp_path), "track", TEXT)
    assert shown is not None
    assert shown.title.startswith("Heat from 2026-11-")
    assert shown.title.endswith("20 samples each, on calls of buy")
    assert [(line.figure, line.token) for line in shown.lines] == [("+80", "heat_more_3"), ("≈+10", "heat_more_1")]


def test_where_the_tool_itself_was_expected_the_figures_are_about_it(tmp_path: Path) -> None:
    kept(tmp_path, expected="track")
    shown = description_heat(HeatStore(tmp_path), "track", TEXT)
    assert shown is not None
    assert shown.title.endswith("on calls of track")
    assert shown.lines[0].figure == "−50"


def test_it_is_gone_as_soon_as_the_text_or_the_tool_is_another(tmp_path: Path) -> None:
    kept(tmp_path)
    assert description_heat(HeatStore(tmp_path), "track", f"{TEXT} ") is None
    assert description_heat(HeatStore(tmp_path), "trace", TEXT) is None
    assert description_heat(HeatStore(tmp_path), "track", "") is None
