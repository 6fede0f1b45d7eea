"""Templates make cases: the same file makes the same ones, and each template is a cluster."""

from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.suite.case_template import cases_of_templates


def made(*templates: JsonValue, **entities: list[JsonValue]) -> list[tuple[str, str]]:
    report = cases_of_templates({"entities": dict(entities), "templates": list(templates)})
    return [(row.status, row.note) for row in report.rows if row.status != "exact"] or [
        (case.case_id, case.request) for case in report.cases
    ]


WHERE: JsonObject = {"id": "w", "requests": ["Where is {order}?", "{order}?"], "expected": "track", "count": 3}


def test_a_template_goes_through_its_requests_and_the_entities() -> None:
    report = cases_of_templates({"entities": {"order": ["A-1", "A-2", "A-3"]}, "templates": [WHERE]})
    assert [case.request for case in report.cases] == ["Where is A-2?", "A-3?", "Where is A-1?"]
    assert {case.cluster for case in report.cases} == {"w"}
    again = cases_of_templates({"entities": {"order": ["A-1", "A-2", "A-3"]}, "templates": [WHERE]})
    assert [case.key for case in again.cases] == [case.key for case in report.cases]


def test_gaps_are_filled_alike_in_everything_and_numbers_stay_numbers() -> None:
    template: JsonObject = {
        "id": "d",
        "requests": ["{percent} off {order}"],
        "expected": "discount",
        "arguments": {"order_id": "{order}", "percent": "{percent}", "note": {"$regex": "{percent} %"}},
        "split": "held-out",
    }
    document: JsonObject = {"entities": {"order": ["A-1"], "percent": ["10", "2.5"]}, "templates": [{}, template]}
    (case,) = cases_of_templates(document).cases
    assert case.request == "10 off A-1"
    assert case.turns[0].expected.calls[0].arguments == {
        "order_id": "A-1",
        "percent": 10,
        "note": {"$regex": "10 %"},
    }
    assert case.split == "held-out"


def test_a_template_that_is_wrong_is_reported() -> None:
    for template, said in (
        ({**WHERE, "requests": []}, "not a list of strings"),
        ({**WHERE, "count": 0}, "not a number from 1"),
        ({**WHERE, "count": 9}, "more than the entities can fill"),
        ({**WHERE, "requests": ["{name}?"]}, "nothing fills {name}"),
        ({**WHERE, "expcted": 1}, "Did you mean 'expected'?"),
        (3, "a template is a number"),
    ):
        ((status, note),) = made(template, order=["A-1", "A-2"])
        assert status == "unsupported"
        assert said in note
