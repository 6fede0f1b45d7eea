"""What stands over a request: where it went, and what its tokens and its money go into."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from workbench.app.models.wires import shape_of
from workbench.core.event import RequestSent
from workbench.core.price import Price, money
from workbench.core.request_weight import WeightShare, request_weight
from workbench.viewmodels.shared.plain import one_line

_SHOWN_TOOLS, _SHOWN_FIELDS = 5, 4
_MOST_CHARS = 2_000_000


def request_facts(sent: RequestSent, counted: int, price: Price | None) -> Iterator[str]:
    """A line each. `counted` is the whole input as the provider counted it, 0 when it did not or has not yet."""
    yield f"POST {sent.path}   ({sent.wire_format}, attempt {sent.attempt})"
    if sent.emulation:
        yield f"Emulated: {sent.emulation}"
    if sent.narrowing:
        yield f"Routing: {sent.narrowing}"
    shape = shape_of(sent.wire_format)
    weight = request_weight(sent.body_json, shape, counted) if len(sent.body_json) <= _MOST_CHARS else None
    if weight is None or not weight.total:
        return
    whole = f"{weight.total:,} tokens counted, about" if weight.is_counted else f"≈ {weight.total:,} tokens"
    yield f"{whole}: {' · '.join(f'{part.name} {part.tokens:,}' for part in weight.parts)}"
    if weight.tools:
        is_priced = price is not None and not price.is_free
        money_too = " ($ in 1,000 requests)" if is_priced else ""
        yield f"Each tool ≈{money_too} {_listed(weight.tools, _SHOWN_TOOLS, price if is_priced else None)}"
    if weight.fields:
        yield f"Heaviest fields ≈ {_listed(weight.fields, _SHOWN_FIELDS, None)}"


def _listed(shares: Sequence[WeightShare], most: int, price: Price | None) -> str:
    words = [f"{one_line(share.name, 60)} {share.tokens:,}{_worth(share.tokens, price)}" for share in shares[:most]]
    more = len(shares) - most
    return " · ".join([*words, *([f"{more:,} more"] if more > 0 else [])])


def _worth(tokens: int, price: Price | None) -> str:
    """What that many tokens cost in a thousand requests as plain input: nothing of it read from a cache."""
    return f" ({money(price.input * tokens / Decimal(1_000))})" if price is not None else ""
