"""Variants as files of a project."""

import os
from pathlib import Path

import pytest

from tests.support.scripts import TEXT, schema
from workbench.app.redaction.redacted_text import keep_keys_out_of_sight
from workbench.app.variants.variants import VariantStore, read_variant, variant_text
from workbench.core.errors import ProjectError, UsageError
from workbench.core.tool import Tool
from workbench.core.variant import ToolEdit, Variant
from workbench.store.redaction import Redactor

FULL = Variant(
    name="clear",
    note="say when to use it",
    tools={"look": ToolEdit(name="see", description="Look.", input_schema=schema("at", at=TEXT), strict=False)},
    added=(Tool.make("add", "Add.").document,),
    removed=("touch",),
    order=("add",),
    instructions="Be kind.\nAnd brief.",
    tool_choice="auto:add",
    tool_choice_after="none",
    parallel_calls=False,
    model="local",
)


def test_a_saved_variant_is_read_as_it_was(tmp_path: Path) -> None:
    store = VariantStore(tmp_path)
    store.save(FULL)
    store.save(Variant(name="empty"))
    assert store.names() == ("clear", "empty")
    assert store.load("clear") == FULL
    assert store.load("empty").is_empty
    assert '"name"' not in variant_text(Variant(name="empty"))


def test_a_key_in_a_variant_never_reaches_its_file(tmp_path: Path) -> None:
    redactor = Redactor()
    redactor.add("sk-canary-0123456789")
    keep_keys_out_of_sight(redactor)
    change = VariantStore(tmp_path).save(Variant(name="calm", instructions="Use sk-canary-0123456789."))
    assert "canary" not in (tmp_path / "variants" / "calm.json").read_text(encoding="utf-8")
    change.undo()
    assert VariantStore(tmp_path).names() == ()


def test_saving_and_throwing_away_can_be_undone(tmp_path: Path) -> None:
    store = VariantStore(tmp_path)
    first = store.save(FULL)
    second = store.save(Variant(name="clear", note="other"))
    thrown = store.delete("clear")
    assert store.names() == ()
    thrown.undo()
    assert store.load("clear").note == "other"
    second.undo()
    assert store.load("clear") == FULL
    first.undo()
    assert store.names() == ()


def test_a_variant_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    store = VariantStore(tmp_path)
    store.save(FULL)
    with pytest.raises(UsageError, match="Variants: clear"):
        store.load("other")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "line 1"),
        ('{"tools": {"look": {"descripton": "x"}}}', "descripton"),
        ('{"removed": "touch"}', r"\$.removed"),
        ('{"format": 9}', "format 9"),
        ('{"added": [{"description": "x"}]}', 'a tool in "added"'),
        ('{"note": "a", "note": "b"}', "twice"),
    ],
)
def test_a_damaged_file_is_refused_with_its_place(text: str, said: str) -> None:
    with pytest.raises(ProjectError, match=said) as caught:
        read_variant(text, name="v", where="variants/v.json")
    assert "variants/v.json" in str(caught.value)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_a_variant_that_is_no_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "variants").mkdir()
    os.mkfifo(tmp_path / "variants" / "pipe.json")
    with pytest.raises(ProjectError, match="not a file"):
        VariantStore(tmp_path).load("pipe")
    with pytest.raises(UsageError, match="not a file"):
        VariantStore(tmp_path).delete("pipe")


def test_what_was_changed_since_is_not_undone(tmp_path: Path) -> None:
    store = VariantStore(tmp_path)
    saved = store.save(FULL)
    store.save(Variant(name="clear", note="by somebody else"))
    with pytest.raises(ProjectError, match="changed since"):
        saved.undo()
    assert store.load("clear").note == "by somebody else"


def test_a_variant_takes_another_name_that_is_free(tmp_path: Path) -> None:
    store = VariantStore(tmp_path)
    store.save(FULL)
    store.save(Variant(name="empty"))
    with pytest.raises(UsageError, match="already"):
        store.rename("clear", "empty")
    changes = store.rename("clear", "kind")
    assert store.names() == ("empty", "kind")
    assert store.load("kind").instructions == FULL.instructions
    for change in reversed(changes):
        change.undo()
    assert store.names() == ("clear", "empty")
    assert store.free_name("clear") == "clear-2"


def test_a_variant_that_was_read_ahead_is_read_again_only_where_its_file_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, file = VariantStore(tmp_path), tmp_path / "variants" / "calm.json"
    store.save(Variant(name="calm", instructions="Be calm."))
    os.utime(file, (1_000_000_000, 1_000_000_000))
    monkeypatch.setattr("time.time_ns", lambda: file.stat().st_ctime_ns + 3_000_000_000)
    store.read_ahead()
    read: list[str] = []
    monkeypatch.setattr("workbench.app.variants.variants.read_variant", lambda text, name: read.append(name))
    assert store.load("calm").instructions == "Be calm."
    assert read == []
    file.write_text('{"instructions": "Be brief."}')
    store.load("calm")
    assert read == ["calm"]


def test_a_damaged_variant_does_not_keep_the_others_from_being_read_ahead(tmp_path: Path) -> None:
    store = VariantStore(tmp_path)
    store.save(Variant(name="calm"))
    (tmp_path / "variants" / "broken.json").write_text("{")
    (tmp_path / "variants" / "latin.json").write_bytes(b"\xff")
    store.read_ahead()
    assert store.load("calm") == Variant(name="calm")
    with pytest.raises(ProjectError, match="broken"):
        store.load("broken")
