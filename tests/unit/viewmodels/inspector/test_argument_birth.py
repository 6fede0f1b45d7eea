"""What the arguments were worth after each piece."""

from tests.support.scripts import NUMBER, TEXT, schema
from workbench.core.json_text import JsonObject
from workbench.core.problem import Problem
from workbench.viewmodels.inspector.streamed_arguments import ArgumentBirth, field_lines

SCHEMA = schema("at", "days", at=TEXT, days=NUMBER)


def birth(text: str, of: JsonObject | None = SCHEMA, recorded: tuple[Problem, ...] | None = None) -> ArgumentBirth:
    return ArgumentBirth("look", [text[start : start + 4] for start in range(0, len(text), 4)], of, recorded)


def states(of: ArgumentBirth, step: int) -> dict[str, str]:
    return {field.name: field.state for field in of.fields_at(step)}


def test_fields_are_pending_then_growing_then_valid() -> None:
    born = birth('{"at": "gate", "days": 3}')
    assert states(born, 0) == {"at": "pending", "days": "pending"}
    assert states(born, 2) == {"at": "growing", "days": "pending"}
    assert states(born, 4) == {"at": "valid", "days": "pending"}
    assert states(born, born.steps) == {"at": "valid", "days": "valid"}
    assert born.text_at(2) == '{"at": "'


def test_the_piece_that_closed_the_object_is_where_it_is_complete_and_valid() -> None:
    born = birth('{"at": "gate", "days": 3}  ')
    assert born.complete_at == 7
    assert born.valid_at == 7


def test_a_field_is_violated_as_soon_as_it_is_whole() -> None:
    born = birth('{"days": "three", "at": "gate"}')
    assert states(born, 3)["days"] == "growing"
    assert states(born, 4) == {"days": "violated", "at": "pending"}
    assert born.complete_at == born.steps
    assert born.valid_at is None


def test_a_required_field_is_violated_only_when_the_object_closed_without_it() -> None:
    born = birth('{"at": "gate"}')
    assert states(born, 3)["days"] == "pending"
    assert states(born, born.steps) == {"at": "valid", "days": "violated"}
    assert [problem.keyword for problem in born.problems] == ["required"]


def test_a_field_the_schema_forbids_is_violated() -> None:
    born = birth('{"at": "gate", "x": 1}', {**schema("at", at=TEXT), "additionalProperties": False})
    assert states(born, born.steps) == {"at": "valid", "x": "violated"}


def test_a_text_that_never_closes_is_never_complete() -> None:
    born = birth('{"at": "ga')
    assert born.complete_at is None
    assert born.valid_at is None
    assert states(born, born.steps)["at"] == "growing"


def test_what_follows_the_object_keeps_it_from_being_valid() -> None:
    assert birth('{"at": "gate", "days": 3} and more').valid_at is None
    assert birth('{"at": "gate", "days": 3, "days": 4}').valid_at is None


def test_a_costly_schema_is_judged_by_the_record_alone() -> None:
    costly: JsonObject = schema("at", at={"type": "string", "pattern": "^(a+)+$"})
    text = '{"at": "' + "a" * 40 + '!"}'
    assert states(birth(text, costly), 99) == {"at": "whole"}
    assert birth(text, costly).valid_at is None
    recorded = (Problem("/at", "does not match", "pattern"),)
    assert states(birth(text, costly, recorded), 99) == {"at": "violated"}


def test_without_a_schema_fields_are_whole_and_nobody_calls_them_valid() -> None:
    assert states(birth('{"at": 1}', None), 9) == {"at": "whole"}


def test_huge_arguments_are_shown_and_not_read() -> None:
    born = ArgumentBirth("look", ['{"at": "', "x" * 300_000, '"}'], SCHEMA)
    assert born.complete_at is None
    assert len(born.text_at(2)) == 300_008


def test_every_state_has_a_sign_and_a_word() -> None:
    lines = field_lines(birth('{"at": 1, "days": 2').fields_at(9))
    assert lines[0].startswith("✗ at")
    assert "violated" in lines[0]
    assert lines[1].startswith("… days")
