"""promptfoo configurations, JSON or YAML: tests with variables and assertions about tools."""

import json
import re
from collections.abc import Iterator

from workbench.app.suites.case_tables import split_of
from workbench.app.suites.formats.rows import Draft, Unsupported, literal, objects, report_of, texts
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.suite.case_import import ImportReport

_GAP = re.compile(r"\{\{\s*([A-Za-z0-9_]+)\s*\}\}")
_CODE = re.compile(r"\{%|\{\{[^}]*[|(]")
UNREAD = "__unread"
"""Replaces unreadable tests, with the reason."""
REMARK = "__remark"
"""Other notes about a test."""
_VALID = ("is-valid-openai-tools-call", "is-valid-openai-function-call", "is-valid-function-call")


def is_promptfoo(document: JsonObject) -> bool:
    """Whether a document is a promptfoo configuration."""
    return "tests" in document and ("prompts" in document or "providers" in document)


def cases_of_promptfoo(document: JsonObject) -> ImportReport:
    """A case for each prompt and test. Of Nunjucks, only plain `{{variable}}` is read."""
    prompts = _prompts(document.get("prompts"))
    default = document.get("defaultTest")
    tests = objects(document.get("tests"))
    entries: list[tuple[str, JsonObject]] = []
    for file in texts(document.get("tests")):
        entries.append((file, {"file": file}))
    for number, test in enumerate(tests, 1):
        for place, prompt in enumerate(prompts, 1):
            name = str(test.get("description") or f"test-{number}")
            label = name if len(prompts) == 1 else f"{name}-{place}"
            entries.append((label, {"label": label, "prompt": prompt, "test": test, "default": default}))
    return report_of("a promptfoo configuration", entries, _draft)


def _draft(entry: JsonObject) -> Draft:
    if "file" in entry:
        raise Unsupported(
            "its tests are in a file that cannot be read from here: copy them into this one", "unresolved"
        )
    test, default = entry["test"], entry["default"]
    assert isinstance(test, dict)
    if UNREAD in test:
        raise Unsupported(str(test[UNREAD]), "unresolved")
    inherited = default if isinstance(default, dict) else {}
    own, shared = test.get("vars"), inherited.get("vars")
    values = {**(shared if isinstance(shared, dict) else {}), **(own if isinstance(own, dict) else {})}
    lost = texts(test.get(REMARK))
    expected = _expected([*objects(inherited.get("assert")), *objects(test.get("assert"))], lost)
    request = _said(str(entry["prompt"]), values)
    return Draft({"id": entry["label"], "request": request, **expected, **_kept(test.get("metadata"), lost)}, lost)


def _kept(metadata: JsonValue, lost: list[str]) -> JsonObject:
    """The metadata that a case can hold: `split`, `cluster`, and `tags`."""
    kept: JsonObject = {}
    tags: list[JsonValue] = []
    for name, value in metadata.items() if isinstance(metadata, dict) else ():
        said = [part.strip() for text in texts(value) for part in text.split(",") if part.strip()]
        if name == "split" and isinstance(value, str) and value:
            kept["split"] = split_of(value)
        elif name == "cluster" and isinstance(value, str) and value:
            kept["cluster"] = value
        elif name in ("tags", "tag", "category") and said:
            tags += said
        elif value not in ("", None, []):
            lost.append(f"the metadata {name}")
    return kept | ({"tags": tags} if tags else {})


def _expected(assertions: list[JsonObject], lost: list[str]) -> JsonObject:
    calls: dict[str, JsonObject] = {}
    never: list[JsonValue] = []
    in_order = False
    for assertion in assertions:
        kind, value = str(assertion.get("type", "")), assertion.get("value")
        match kind:
            case "tool-call-f1":
                names = [name.strip() for text in texts(value) for name in text.split(",") if name.strip()]
                if _number(assertion.get("threshold", 1)) != 1:
                    lost.append("a threshold of F1 below 1 counts as 1")
                calls |= {name: {"tool": name, "at_most": 99} for name in names}
            case "trajectory:tool-used":
                calls |= {str(call["tool"]): call for call in _used(value)}
            case "not-trajectory:tool-used":
                never += [call["tool"] for call in _used(value)]
            case "trajectory:tool-sequence":
                steps = texts(value.get("steps") if isinstance(value, dict) else value)
                in_order = True
                lost += (
                    ["an exact sequence allows harmless reads"]
                    if isinstance(value, dict) and "exact" in str(value)
                    else []
                )
                calls |= {name: {"tool": name} for name in steps}
            case "trajectory:tool-args-match" if isinstance(value, dict):
                call = _matched(value, lost)
                calls[str(call["tool"])] = call
            case _ if kind in _VALID:
                pass  # every trial checks its calls against their schemas
            case _:
                lost.append(f"the assertion {kind}")
    if not calls and not never:
        raise Unsupported("no assertion says which tool is expected")
    wanted: JsonValue = list[JsonValue](calls.values()) or None
    expected: JsonObject = {"expected": {"calls": wanted, "in_order": True} if in_order and len(calls) > 1 else wanted}
    return expected | ({"never": never} if never else {})


def _number(value: JsonValue) -> float:
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise Unsupported(f"{value!r} is not a threshold") from None


def _used(value: JsonValue) -> Iterator[JsonObject]:
    if isinstance(value, dict):
        if "pattern" in value:
            raise Unsupported("it names tools by a pattern", "unresolved")
        least, most = value.get("min", 1), value.get("max", 99)
        yield {"tool": str(value.get("name", "")), "at_least": least, "at_most": most}
        return
    for name in texts(value):
        yield {"tool": name, "at_most": 99}


def _matched(value: JsonObject, lost: list[str]) -> JsonObject:
    if "pattern" in value:
        raise Unsupported("it names tools by a pattern", "unresolved")
    for key in ("defaults", "ignore"):
        if value.get(key):
            lost.append(f"“{key}” of an argument match")
    arguments = value.get("args", value.get("arguments", {}))
    match = "exact" if value.get("mode") == "exact" else "partial"
    return {"tool": str(value.get("name", "")), "arguments": literal(arguments), "match": match, "at_most": 99}


def _said(prompt: str, values: JsonObject) -> str:
    if _CODE.search(prompt):
        raise Unsupported("the prompt has code in it")
    missing = [name for name in _GAP.findall(prompt) if name not in values]
    if missing:
        raise Unsupported(f"no value for {{{{{missing[0]}}}}}", "unresolved")
    return _GAP.sub(lambda gap: _text(values[gap[1]]), prompt)


def _text(value: JsonValue) -> str:
    if isinstance(value, str) and value.startswith("file://"):
        raise Unsupported("a variable is read from a file", "unresolved")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _prompts(value: JsonValue) -> list[str]:
    found = texts(value)
    found += [str(each.get("raw", "")) for each in objects(value)]
    return [text for text in found if text] or ["{{prompt}}"]
