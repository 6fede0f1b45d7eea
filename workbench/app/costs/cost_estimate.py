"""What sampling would cost, said before anything is sent."""

from decimal import Decimal

import msgspec

from workbench.core.exchange import Usage, WireRequest
from workbench.core.price import Price, money
from workbench.core.token_estimate import estimated_tokens
from workbench.replay.fork_point import ForkPoint
from workbench.replay.recording import Recording

_USUAL_OUTPUT_TOKENS = 100


class CostEstimate(msgspec.Struct, frozen=True):
    """About what it takes. `seconds` is None where nothing is known about the model's speed, `dollars` where nothing is
    known about its price."""

    requests: int
    input_tokens: int
    output_tokens: int
    seconds: float | None
    dollars: Decimal | None = None

    def __add__(self, other: "CostEstimate") -> "CostEstimate":
        known = self.seconds is not None and other.seconds is not None
        return CostEstimate(
            self.requests + other.requests,
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            (self.seconds or 0.0) + (other.seconds or 0.0) if known else None,
            self.dollars + other.dollars if self.dollars is not None and other.dollars is not None else None,
        )

    def __str__(self) -> str:
        seconds = "" if self.seconds is None else f", about {_long(self.seconds)}"
        tokens = f"≈ {self.input_tokens:,} tokens in and {self.output_tokens:,} out"
        cost = "price not known" if self.dollars is None else f"≈ {money(self.dollars)}"
        return f"{self.requests} requests, {tokens}, {cost}{seconds}; nothing that is chosen will be run"


def _long(seconds: float) -> str:
    return f"{max(1.0, seconds):.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"


def estimate(
    wire: WireRequest,
    recording: Recording,
    point: ForkPoint,
    *,
    trials: int,
    concurrency: int,
    is_same_model: bool,
    price: Price | None = None,
) -> CostEstimate:
    """The quote for `trials` requests like `wire`, going by what the recorded one took where the model is the same."""
    number = max(1, point.round)
    prefix = f"turn-{point.turn}/round-{number}/"
    received = next(
        (a.received for span, a in recording.attempts.items() if span.startswith(prefix) and a.received is not None),
        None,
    )
    usage = received.response.usage if received is not None else None
    seconds: float | None = None
    if received is not None and is_same_model:
        took_ms = received.latency_ms
        if wire.wire_format == "local":  # its first answer includes its start and the loading of the tools
            took_ms = min(each.received.latency_ms for each in recording.attempts.values() if each.received is not None)
            concurrency = 1
        seconds = took_ms / 1000 * trials / max(1, min(concurrency, trials))
    tokens = Usage(
        estimated_tokens(wire.body_json) * trials,
        (usage.output_tokens if usage is not None else _USUAL_OUTPUT_TOKENS) * trials,
    )
    return CostEstimate(
        requests=trials,
        input_tokens=tokens.input_tokens,
        output_tokens=tokens.output_tokens,
        seconds=seconds,
        dollars=price.cost(tokens).dollars if price is not None else None,
    )
