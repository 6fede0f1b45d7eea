"""Traces that the workbench wrote with content: each run as it was said, called and returned.

Other traces are read from what each request repeats. Ours name the place of every span in its run, so that two equal
runs stay two, and results keep whether they were errors.
"""

from collections.abc import Iterable, Iterator

from workbench.app.imports.conversation import ImportedRound, LoggedConversation, Returned, Turn, with_called
from workbench.app.imports.formats.messages import rows_of
from workbench.app.imports.formats.otlp_values import attribute_values
from workbench.app.models.wires import WIRES
from workbench.core.content import OpaquePart, Part, ReasoningPart, RefusalPart, TextPart, ToolCallPart
from workbench.core.exchange import ModelResponse, StopReason, Usage
from workbench.core.ids import ROOT_SPAN
from workbench.core.json_text import JsonObject, JsonValue, compact, whole_number
from workbench.core.telemetry import conventions as names
from workbench.core.tool import Tool

_MOST_DEPTH = 4
_PLACE = names.PLACE

Attributes = dict[str, JsonValue]


def own_spans(document: JsonValue, depth: int = 0) -> Iterator[Attributes]:
    """The attributes of all spans that the workbench wrote, with their place in their run."""
    if isinstance(document, list):
        for one in document:
            yield from own_spans(one, depth)
        return
    if not isinstance(document, dict) or depth > _MOST_DEPTH:
        return
    for key in ("resourceSpans", "scopeSpans", "spans"):
        for row in rows_of(document.get(key)):
            if key == "spans" and _PLACE in (found := attribute_values(row)):
                yield {**found, "": row.get("startTimeUnixNano")}
            yield from own_spans(row, depth + 1)


def own_conversations(spans: Iterable[Attributes]) -> tuple[tuple[LoggedConversation, ...], tuple[str, ...]]:
    """The conversations in these spans, and notes about what cannot be read."""
    runs: dict[str, dict[str, Attributes]] = {}
    for span in spans:  # a run that was sent twice is one
        runs.setdefault(str(span.get(names.RUN_ID)), {})[str(span[_PLACE])] = span
    whole = {
        run_id: places
        for run_id, places in sorted(runs.items(), key=lambda pair: str(pair[1].get(ROOT_SPAN, {}).get("")))
        if names.INPUT_MESSAGES in places.get(ROOT_SPAN, {})
    }
    continued = {parent for places in whole.values() if (parent := _before(places[ROOT_SPAN])) and parent in whole}
    made = []
    for run_id in whole:
        if run_id not in continued and (chain := _chain(run_id, whole)):
            made.append(_conversation(chain))
    left = len(runs) - len(whole)
    counted = "1 run was" if left == 1 else f"{left} runs were"
    notes = [f"{counted} sent without content, so there is nothing to import"] if left else []
    calls = [span for places in whole.values() for span in places.values()]
    lost = sum(count for span in calls if isinstance(count := span.get(names.CALL_ATTACHMENTS), int))
    if lost:
        was = "1 picture or file that a tool returned is" if lost == 1 else f"{lost} pictures and files of tools are"
        notes.append(f"{was} not in the trace")
    return tuple(one for one in made if one.turns), tuple(notes)


def _before(root: Attributes) -> str:
    """The run that this one goes on from; none for a fork, which repeats what it has of it."""
    return "" if names.RUN_FORK in root else str(root.get(names.RUN_PARENT) or "")


def _chain(run_id: str, runs: dict[str, dict[str, Attributes]]) -> list[dict[str, Attributes]]:
    chain: list[dict[str, Attributes]] = []
    seen: set[str] = set()
    while run_id in runs and run_id not in seen:
        seen.add(run_id)
        chain.insert(0, runs[run_id])
        run_id = _before(runs[run_id][ROOT_SPAN])
    return chain


def _conversation(chain: list[dict[str, Attributes]]) -> LoggedConversation:
    chats = [span for places in chain for span in places.values() if span.get(names.OPERATION) == names.CHAT]
    last = chats[-1] if chats else {}
    formats = {str(span.get(names.WIRE)) for span in chats}
    provider = last.get(names.PROVIDER)
    wire = next((wire for wire in WIRES if wire.wire_format in formats), None)
    wire = wire or next((wire for wire in WIRES if wire.telemetry_name == provider), WIRES[0])
    turns = tuple(turn for places in chain for turn in _turns(places))
    tools: dict[str, Tool] = {}
    for span in chats:
        for row in rows_of(span.get(names.TOOL_DEFINITIONS)):
            tools[str(row.get("name"))] = _tool(row)
    said = "\n".join(str(row.get("content")) for row in rows_of(last.get(names.INSTRUCTIONS)))
    model = str(chain[-1][ROOT_SPAN].get(names.REQUEST_MODEL) or "")
    return LoggedConversation(wire.id, model, said, with_called(tuple(tools.values()), turns), turns)


def _tool(row: JsonObject) -> Tool:
    schema = row.get("parameters")
    name, about = str(row.get("name")), str(row.get("description") or "")
    return Tool.make(name, about, schema if isinstance(schema, dict) else {"type": "object"})


def _turns(places: dict[str, Attributes]) -> Iterator[Turn]:
    """The turns of a run that have an answer. Of several attempts, one was answered."""
    results: dict[tuple[int, int], dict[int, Returned]] = {}
    answers: dict[tuple[int, int], ModelResponse] = {}
    for place, span in places.items():
        steps = [step.partition("-") for step in place.split("/")]
        if [name for name, _, _ in steps[:2]] != ["turn", "round"] or len(steps) != 3:
            continue
        turn, at, number = (whole_number(digits) or 0 for _, _, digits in steps)
        if steps[2][0] == "call":
            if isinstance(text := span.get(names.TOOL_RESULT), str):
                results.setdefault((turn, at), {})[number] = Returned(text, span.get(names.CALL_IS_ERROR) is True)
        elif rows := rows_of(span.get(names.OUTPUT_MESSAGES)):
            answers[turn, at] = _answer(span, rows_of(rows[0].get("parts")))
    prompts = [
        "\n".join(str(part.get("content")) for part in rows_of(row.get("parts")))
        for row in rows_of(places[ROOT_SPAN].get(names.INPUT_MESSAGES))
    ]
    for turn, prompt in enumerate(prompts, 1):
        made = tuple(
            ImportedRound(answer, tuple(results.get(key, {}).get(number) for number in range(1, len(answer.calls) + 1)))
            for key, answer in sorted(answers.items())
            if key[0] == turn
        )
        if made:
            yield Turn(prompt, made)


def _answer(span: Attributes, rows: list[JsonObject]) -> ModelResponse:
    parts = tuple(part for row in rows if (part := _part(row)) is not None)
    reasons = span.get(names.FINISH_REASONS)
    raw = str(reasons[0]) if isinstance(reasons, list) and reasons else ""
    reason: StopReason = next((own for own, said in names.FINISH.items() if said == raw), "other")
    if reason == "filtered" and any(isinstance(part, RefusalPart) for part in parts):
        reason = "refused"
    counts = {own: span.get(name) for own, name in names.USAGE.items()}
    usage = Usage(**{own: count for own, count in counts.items() if isinstance(count, int)})
    return ModelResponse(
        parts,
        reason,
        str(span.get(names.RESPONSE_MODEL) or ""),
        usage if any(isinstance(count, int) for count in counts.values()) else None,
        str(span.get(names.RESPONSE_ID) or ""),
    )


def _part(row: JsonObject) -> Part | None:
    content = str(row.get("content"))
    match row.get("type"):
        case "text":
            return TextPart(content)
        case "reasoning":
            return ReasoningPart(content)
        case "refusal":
            return RefusalPart(content)
        case "tool_call":
            arguments = row.get("arguments")
            text = arguments if isinstance(arguments, str) else compact(arguments)
            return ToolCallPart(str(row.get("id") or ""), str(row.get("name") or ""), text)
        case "server_tool_call_response":
            return OpaquePart(str(row.get("name") or ""), content)
        case _:
            return None
