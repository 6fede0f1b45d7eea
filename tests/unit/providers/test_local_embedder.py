"""Texts as vectors: asked for once, in a process of their own."""

import json
from typing import Any

import pytest

from workbench.core.errors import ProviderFailure
from workbench.core.json_text import JsonValue
from workbench.providers.local.embedder import MAX_CHARS, TextEmbedder
from workbench.providers.worker_process import WorkerProcess


class Engine(WorkerProcess):
    """Answers without a process."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[list[str]] = []
        self.is_broken = False

    async def ask(self, op: str, **fields: JsonValue) -> Any:
        assert op == "embed"
        if self.is_broken:
            raise ProviderFailure("Needle failed.", kind="server")
        texts = fields["texts"]
        assert isinstance(texts, list)
        json.dumps(texts).encode("ascii")
        self.asked.append([str(text) for text in texts])
        return [[float(len(str(text))), 1.0] for text in texts]


async def test_a_text_is_read_once_however_often_it_is_asked_for() -> None:
    engine = Engine()
    embedder = TextEmbedder(engine)
    first = await embedder.embed(["one", "three", "one"])
    assert [list(vector) for vector in first] == [[3.0, 1.0], [5.0, 1.0], [3.0, 1.0]]
    await embedder.embed(["three", "one", "seven"])
    assert engine.asked == [["one", "three"], ["seven"]]


async def test_many_texts_go_in_small_pieces_so_that_stopping_is_quick() -> None:
    engine = Engine()
    await TextEmbedder(engine).embed([str(number) for number in range(40)])
    assert [len(texts) for texts in engine.asked] == [16, 16, 8]


async def test_odd_texts_are_made_fit_for_the_engine() -> None:
    engine = Engine()
    await TextEmbedder(engine).embed(["", "a\0b", "\ud800", "x" * (MAX_CHARS + 5)])
    assert engine.asked == [["-", "a b", "?", "x" * MAX_CHARS]]


async def test_a_failure_is_told_and_what_was_read_before_is_kept() -> None:
    engine = Engine()
    embedder = TextEmbedder(engine)
    await embedder.embed(["one"])
    engine.is_broken = True
    with pytest.raises(ProviderFailure):
        await embedder.embed(["two"])
    assert len(await embedder.embed(["one"])) == 1
    await embedder.close()
