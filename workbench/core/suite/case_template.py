"""Cases from templates: a request with gaps, what is expected, and lists of what fills the gaps. Pure.

    {"entities": {"order": ["A-1001", "A-1002"]},
     "templates": [{"id": "where", "requests": ["Where is {order}?"], "expected": "track_order",
                    "arguments": {"order_id": "{order}"}, "count": 2}]}

Each template is a cluster. Its cases go through its requests and, from another place for each template, through the
entities, so the same file always makes the same cases. All other keys of a template are those of a case.
"""

import re
from collections.abc import Iterator

from workbench.core.errors import ProjectError
from workbench.core.json_text import JsonObject, JsonValue, type_name
from workbench.core.suite.case import Case
from workbench.core.suite.case_import import CaseImportRow, ImportReport
from workbench.core.suite.case_line import read_case

MOST_OF_ONE = 1_000
_GAP = re.compile(r"\{([a-z0-9_]+)\}")
_OWN_KEYS = ("id", "requests", "count")


def is_template_file(document: JsonValue) -> bool:
    """Whether a JSON document holds templates."""
    return isinstance(document, dict) and isinstance(document.get("templates"), list)


def cases_of_templates(document: JsonObject) -> ImportReport:
    """The cases that a document of templates makes. A template that is wrong is reported, and the others are used."""
    entities = document.get("entities", {})
    templates = document.get("templates")
    rows: list[CaseImportRow] = []
    cases: list[Case] = []
    for number, template in enumerate(templates if isinstance(templates, list) else (), 1):
        name = str(template.get("id", number)) if isinstance(template, dict) else str(number)
        try:
            made = list(_cases(template, name, entities, number))
        except ProjectError as error:
            rows.append(CaseImportRow(name, "unsupported", str(error)))
            continue
        cases += made
        rows += [CaseImportRow(case.case_id, "exact") for case in made]
    return ImportReport("templates", tuple(rows), tuple(cases))


def _cases(template: JsonValue, name: str, entities: JsonValue, number: int) -> Iterator[Case]:
    if not isinstance(template, dict):
        raise ProjectError(f"a template is a {type_name(template)}", hint="Write it as an object.")
    requests, count = template.get("requests"), template.get("count", 1)
    if not isinstance(requests, list) or not requests or not all(isinstance(each, str) for each in requests):
        raise ProjectError('"requests" is not a list of strings', hint='Write it as "requests": ["…"].')
    if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= MOST_OF_ONE:
        raise ProjectError(f'"count" is not a number from 1 to {MOST_OF_ONE:,}')
    rest = {key: value for key, value in template.items() if key not in _OWN_KEYS}
    seen: set[str] = set()
    for place in range(count):
        whole: JsonObject = {**rest, "request": requests[place % len(requests)]}
        filled = _filled(whole, _values(whole, entities, number + place))
        assert isinstance(filled, dict)
        case = read_case({"id": f"{name}-{place + 1}", "cluster": name, **filled})
        if case.key in seen:
            raise ProjectError(f"{count} cases are more than the entities can fill", hint="Lower the count.")
        seen.add(case.key)
        yield case


def _values(whole: JsonValue, entities: JsonValue, place: int) -> dict[str, str]:
    values: dict[str, str] = {}
    for gap in dict.fromkeys(_gaps(whole)):
        known = entities.get(gap) if isinstance(entities, dict) else None
        if not isinstance(known, list) or not known:
            raise ProjectError(f"nothing fills {{{gap}}}", hint=f'Add "{gap}": ["…"] to the entities.')
        values[gap] = str(known[place % len(known)])
    return values


def _gaps(value: JsonValue) -> Iterator[str]:
    match value:
        case str():
            yield from _GAP.findall(value)
        case dict():
            for each in value.values():
                yield from _gaps(each)
        case list():
            for each in value:
                yield from _gaps(each)


def _filled(value: JsonValue, values: dict[str, str]) -> JsonValue:
    """A text that is one gap and stands for a number becomes that number."""
    match value:
        case str():
            whole = _GAP.fullmatch(value)
            if whole is not None and re.fullmatch(r"-?\d+(\.\d+)?", values[whole[1]]):
                number = float(values[whole[1]])
                return int(number) if number.is_integer() else number
            return _GAP.sub(lambda gap: values[gap[1]], value)
        case dict():
            return {key: _filled(each, values) for key, each in value.items()}
        case list():
            return [_filled(each, values) for each in value]
    return value
