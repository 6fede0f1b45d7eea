"""Two spans side by side: the differences in their calls, results, requests, and answers."""

from collections.abc import Mapping, Sequence

import msgspec

from workbench.core.event import RequestSent, ResponseReceived
from workbench.core.line_diff import line_diff
from workbench.core.price import Price
from workbench.core.trace import CallSpan
from workbench.viewmodels.inspector.answer_facts import answer_facts
from workbench.viewmodels.shared import figures
from workbench.viewmodels.shared.json_node import indented
from workbench.viewmodels.shared.tone import call_words

SECTIONS = ("Call", "Arguments", "Result", "Figures", "Request", "Response")


def span_texts(
    call: CallSpan | None, sent: RequestSent | None, received: ResponseReceived | None, price: Price | None = None
) -> dict[str, str]:
    """What can be compared about a span, by section, with JSON over several lines; sections it lacks are absent."""
    texts: dict[str, str] = {}
    if call is not None:
        texts["Call"] = f"{call.tool}: {call_words(call)}"
        texts["Arguments"] = indented(call.arguments_json)
        if call.settled is not None:
            texts["Result"] = indented(call.settled.full_text or call.settled.result_text)
    if sent is not None:
        texts["Request"] = indented(sent.body_json)
    if received is not None and call is None:
        copy = received.response.wire_copy
        texts["Figures"] = "\n".join(answer_facts(received, price))
        texts["Response"] = indented(copy.json if copy else msgspec.json.encode(received.response).decode())
    return texts


def span_difference(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[str, str]:
    """The difference as text with a sign before every line, and a summary in words."""
    lines: list[str] = []
    counted: list[str] = []
    for section in SECTIONS:
        if section not in old and section not in new:
            continue
        lines.append(f"# {section}")
        if section not in old or section not in new:
            sign, text = ("+", new[section]) if section in new else ("-", old[section])
            lines += [f"{sign} {line}" for line in text.split("\n")]
            counted.append(f"{section}: only in the {'selected' if section in new else 'pinned'}")
            continue
        found = line_diff(old[section], new[section])
        lines += found or ("  The same.",)
        counted.append(f"{section}: {_summary(found)}")
    return "\n".join(lines), " · ".join(counted)


def _summary(lines: Sequence[str]) -> str:
    if not lines:
        return "the same"
    added = sum(line.startswith("+ ") for line in lines)
    removed = sum(line.startswith("- ") for line in lines)
    return f"+{added:,} −{figures.count(removed, 'line')}"
