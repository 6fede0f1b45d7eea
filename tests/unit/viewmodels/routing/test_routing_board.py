"""The board of rankings, without a window: what cannot be saved is said, and models are asked only on purpose."""

from pathlib import Path

from tests.support.projects import TOML, make_project
from workbench.app.session import Session
from workbench.viewmodels.routing.routing_board import RoutingBoard

TABLE = """
[routing]
embeddings = "nobody"

[routing.selectors.asking]
use = ["words", "model"]
"""


async def test_models_are_asked_only_on_purpose_and_texts_of_foreign_tools_are_not_edited(tmp_path: Path) -> None:
    session = Session(make_project(tmp_path / "p", {"text": "look"}, toml=TOML + TABLE))
    board = RoutingBoard(session)
    try:
        assert board.selectors == ("words", "rules", "examples", "meaning", "learned", "simulated-search")
        await board.rank("look around")
        assert board.rows[0][:2] == ("look", "● 1. 0.62")
        assert "not a model" in board.summaries[3]
        assert "offered every tool" in board.in_use
        board.asks_models = True
        await board.rank("look around")
        assert "asking" in board.routed
        board.choose("gone")
        assert (board.description, board.search_text, board.examples) == ("", "", "")
        assert board.save("x", "y") is None
        assert "no file" in board.message
    finally:
        await session.close()
