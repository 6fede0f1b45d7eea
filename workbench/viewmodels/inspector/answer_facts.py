"""The figures of one answer: what it took, what it cost and how that comes about."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from workbench.core.event import ResponseReceived
from workbench.core.exchange import Usage
from workbench.core.price import Cost, Price, usage_cost
from workbench.viewmodels.inspector.stated_confidence import own_word
from workbench.viewmodels.shared import figures


def answer_facts(answer: ResponseReceived, price: Price | None) -> Iterator[str]:
    """A line each for time, tokens and cost; nothing about what the provider did not say."""
    usage = answer.response.usage
    yield " · ".join(_times(answer, usage))
    if usage is None or not usage.total_tokens:
        yield "Tokens: not counted by this provider"
    else:
        yield f"Tokens: {_split(usage.input_tokens, 'in', _input_parts(usage))} · " + _split(
            usage.output_tokens, "out", [f"{usage.reasoning_tokens:,} reasoning"] if usage.reasoning_tokens else []
        )
    cost = usage_cost(price, usage)
    how = f" = {sum_words(price, usage)}" if cost.is_known and price is not None and usage is not None else ""
    yield f"Cost: {cost}{how if cost.dollars else ''}"
    said = own_word(answer.response)
    if said:
        yield f"Stated confidence: {', '.join(said)}"


def group_facts(answers: Sequence[ResponseReceived], price: Price | None) -> Iterator[str]:
    """The sums over several answers, in one line each."""
    usages = [answer.response.usage for answer in answers]
    usage = sum((found for found in usages if found is not None), Usage())
    first = [answer.first_delta_ms for answer in answers if answer.first_delta_ms is not None]
    times = [f"{figures.duration(sum(answer.latency_ms for answer in answers))} of requests"]
    if first:
        times.append(f"first token ⌀ {figures.duration(sum(first) / len(first))}")
    yield f"Total for {len(answers):,} answers: {' · '.join(times)}"
    yield f"{_split(usage.input_tokens, 'in', _input_parts(usage))} · " + _split(
        usage.output_tokens, "out", [f"{usage.reasoning_tokens:,} reasoning"] if usage.reasoning_tokens else []
    )
    yield f"Cost: {sum((usage_cost(price, found) for found in usages), Cost())}"


def sum_words(price: Price, usage: Usage) -> str:
    """`28 × $1.25 + 384 × $0.125 + 61 × $10, per million`."""
    plain = max(0, usage.input_tokens - usage.cached_tokens - usage.cache_write_tokens)
    cached = price.input if price.cached_input is None else price.cached_input
    write = price.input if price.cache_write is None else price.cache_write
    parts = (
        (plain, price.input, "in"),
        (usage.cached_tokens, cached, "cached"),
        (usage.cache_write_tokens, write, "cache write"),
        (usage.output_tokens, price.output, "out"),
    )
    words = [f"{count:,} {kind} × ${_short(dollars)}" for count, dollars, kind in parts if count]
    return f"({' + '.join(words)}) per million"


def _times(answer: ResponseReceived, usage: Usage | None) -> Iterator[str]:
    yield f"Time: {figures.duration(answer.latency_ms)}"
    first = answer.first_delta_ms
    if first is None:
        return
    yield f"first token {figures.duration(first)}"
    streaming_s = (answer.latency_ms - first) / 1000
    if usage is not None and usage.output_tokens > 1 and streaming_s >= 0.05:
        yield f"{usage.output_tokens / streaming_s:,.0f} tokens/s after it"


def _input_parts(usage: Usage) -> list[str]:
    kinds = (("from the cache", usage.cached_tokens), ("written to the cache", usage.cache_write_tokens))
    return [f"{number:,} {kind}" for kind, number in kinds if number]


def _split(number: int, direction: str, parts: list[str]) -> str:
    return f"{number:,} {direction}" + (f" ({', '.join(parts)})" if parts else "")


def _short(dollars: Decimal) -> str:
    text = f"{dollars:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
