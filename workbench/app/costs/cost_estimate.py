"""What sampling would cost, before anything is sent."""

from decimal import Decimal

import msgspec

from workbench.core.exchange import Usage, WireRequest
from workbench.core.price import Price, money
from workbench.core.token_estimate import estimated_tokens
from workbench.engine.ports import Effort
from workbench.replay.fork_point import ForkPoint
from workbench.replay.recording import Recording

_USUAL_OUTPUT_TOKENS = 100


class LocalWork(msgspec.Struct, frozen=True):
    """Work of a model on this machine: reading sets of tools, each once (`loads` are their seconds), and answering."""

    requests: int
    loads: dict[str, float]
    answers_s: float
    at_once: int = 1

    def __add__(self, other: "LocalWork") -> "LocalWork":
        return LocalWork(
            self.requests + other.requests,
            self.loads | other.loads,
            self.answers_s + other.answers_s,
            max(self.at_once, other.at_once),
        )

    @property
    def seconds(self) -> float:
        """The total, with as many processes as there are processors."""
        return (sum(self.loads.values()) + self.answers_s) / max(1, min(self.at_once, len(self.loads)))

    def __str__(self) -> str:
        answers = f"{self.requests} × {_short(self.answers_s / max(1, self.requests))}"
        waits = [load_s for load_s in self.loads.values() if load_s]
        if not waits:
            return answers
        count = "one load" if len(waits) == 1 else f"{len(waits)} loads"
        return f"{count} of ~{_short(sum(waits) / len(waits))} + {answers}"


class CostEstimate(msgspec.Struct, frozen=True):
    """The rough cost. `seconds` is None when the model's speed is unknown, `dollars` when its price is unknown; `local`
    is the part done on this machine, which is free."""

    requests: int
    input_tokens: int
    output_tokens: int
    seconds: float | None
    dollars: Decimal | None = None
    local: LocalWork | None = None

    def __add__(self, other: "CostEstimate") -> "CostEstimate":
        local = self.local + other.local if self.local and other.local else self.local or other.local
        seconds = [each._remote_s for each in (self, other)]  # noqa: SLF001 — its own kind
        known = [each for each in seconds if each is not None]
        total = sum(known) + (local.seconds if local is not None else 0.0)
        return CostEstimate(
            self.requests + other.requests,
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            total if len(known) == len(seconds) else None,
            self.dollars + other.dollars if self.dollars is not None and other.dollars is not None else None,
            local,
        )

    @property
    def _remote_s(self) -> float | None:
        """The seconds of the part not done on this machine."""
        if self.local is None or self.seconds is None:
            return self.seconds
        return self.seconds - self.local.seconds

    def __str__(self) -> str:
        parts = [f"{self.requests} request{'' if self.requests == 1 else 's'}"]
        if self.local is None or self.requests > self.local.requests:
            parts.append(f"≈ {self.input_tokens:,} tokens in and {self.output_tokens:,} out")
            parts.append("price unknown" if self.dollars is None else f"≈ {money(self.dollars)}")
        if self.local is not None:
            parts.append(f"{self.local} on this machine")
        if self.seconds is not None:
            parts.append(f"about {_long(self.seconds)}")
        return f"{', '.join(parts)}; chosen tools are not run"


def estimate(
    wire: WireRequest,
    recording: Recording,
    point: ForkPoint,
    *,
    trials: int,
    concurrency: int,
    seconds_each: float | None,
    price: Price | None = None,
) -> CostEstimate:
    """The estimate for `trials` requests like `wire`, each of which takes about `seconds_each`."""
    number = max(1, point.round)
    prefix = f"turn-{point.turn}/round-{number}/"
    received = next(
        (a.received for span, a in recording.attempts.items() if span.startswith(prefix) and a.received is not None),
        None,
    )
    usage = received.response.usage if received is not None else None
    tokens = Usage(
        estimated_tokens(wire.body_json) * trials,
        (usage.output_tokens if usage is not None else _USUAL_OUTPUT_TOKENS) * trials,
    )
    at_once = max(1, min(concurrency, trials))
    return CostEstimate(
        requests=trials,
        input_tokens=tokens.input_tokens,
        output_tokens=tokens.output_tokens,
        seconds=seconds_each * trials / at_once if seconds_each is not None else None,
        dollars=price.cost(tokens).dollars if price is not None else None,
    )


def local_estimate(effort: Effort, *, trials: int) -> CostEstimate:
    """The estimate for requests to a model on this machine, based on its measurements."""
    local = LocalWork(trials, {effort.load: effort.load_s}, effort.answer_s * trials, effort.at_once)
    return CostEstimate(trials, 0, 0, local.seconds, Decimal(0), local)


def _short(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds >= 2 else f"{seconds:.1f} s"


def _long(seconds: float) -> str:
    return f"{max(1.0, seconds):.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
