"""What models cost: US dollars per million tokens, and what requests cost in total.

Amounts are exact decimals from the price list to the sum. Rounding happens once, where an amount is shown
(`money`): half up, to four places below a dollar and to cents from there on.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fnmatch import fnmatchcase
from typing import Final

import msgspec

from workbench.core.event import RunStarted
from workbench.core.exchange import Usage
from workbench.core.trace import RoundSpan, Trace

NOT_KNOWN = "price unknown"
_MILLION = Decimal(1_000_000)
_SMALLEST = Decimal("0.0001")


class Price(msgspec.Struct, frozen=True):
    """Dollars per million tokens. Where `cached_input` or `cache_write` is None it counts like `input`, which makes
    a cost in which such tokens occur an estimate."""

    input: Decimal
    output: Decimal
    cached_input: Decimal | None = None
    cache_write: Decimal | None = None

    @property
    def is_free(self) -> bool:
        """Whether nothing is charged, however many tokens there are."""
        return not any((self.input, self.output, self.cached_input, self.cache_write))

    def cost(self, usage: Usage, *, requests: int = 1) -> "Cost":
        """What these tokens cost. Reasoning tokens are output, cached ones and cache writes are part of the input,
        as every provider reports them here."""
        plain = max(0, usage.input_tokens - usage.cached_tokens - usage.cache_write_tokens)
        cached = self.input if self.cached_input is None else self.cached_input
        write = self.input if self.cache_write is None else self.cache_write
        amount = (
            self.input * plain
            + cached * usage.cached_tokens
            + write * usage.cache_write_tokens
            + self.output * usage.output_tokens
        ) / _MILLION
        is_guessed = (self.cached_input is None and usage.cached_tokens > 0) or (
            self.cache_write is None and usage.cache_write_tokens > 0
        )
        return Cost(amount, requests, 0, is_guessed)


class Cost(msgspec.Struct, frozen=True):
    """The cost of answered requests: `priced` of them cost `dollars`; the cost of `unpriced` more is unknown."""

    dollars: Decimal = Decimal(0)
    priced: int = 0
    unpriced: int = 0
    is_estimate: bool = False

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            self.dollars + other.dollars,
            self.priced + other.priced,
            self.unpriced + other.unpriced,
            self.is_estimate or other.is_estimate,
        )

    @property
    def is_known(self) -> bool:
        """Whether there were requests, and the price of every one of them is known."""
        return self.priced > 0 and not self.unpriced

    def __str__(self) -> str:
        """In words; empty where nothing was asked. An unknown price is never shown as an amount."""
        if not self.priced:
            return NOT_KNOWN if self.unpriced else ""
        amount = f"≈ {money(self.dollars)}" if self.is_estimate else money(self.dollars)
        if not self.unpriced:
            return amount
        return f"{amount} + {self.unpriced:,} request{'s' if self.unpriced > 1 else ''} of unknown price"

    def document(self) -> dict[str, object]:
        """As JSON values: the exact amount as a text, null where no price is known."""
        return {
            "dollars": f"{self.dollars.normalize():f}" if self.priced else None,
            "priced_requests": self.priced,
            "unpriced_requests": self.unpriced,
            "is_estimate": self.is_estimate,
        }


class PriceLine(msgspec.Struct, frozen=True):
    """The price of every model whose name fits a pattern with `*` and `?`. `source` and `date` say where it is from."""

    model: str
    price: Price
    source: str = ""
    date: str = ""


class PriceList(msgspec.Struct, frozen=True):
    """Prices in order: the first line that fits a model is the one that counts."""

    lines: tuple[PriceLine, ...] = ()

    def line_for(self, names: Sequence[str]) -> PriceLine | None:
        """The first line that fits any of a model's names; case does not matter."""
        folded = [name.casefold() for name in names if name]
        for line in self.lines:
            pattern = line.model.casefold()
            if any(name == pattern or fnmatchcase(name, pattern) for name in folded):
                return line
        return None

    def price_of(self, started: RunStarted | None) -> Price | None:
        """The price of the model a run was started with."""
        return self.price_for(started.spec, started.model, started.provider) if started is not None else None

    def price_for(self, spec: str, model: str, provider: str) -> Price | None:
        """The price of a model by any of its names: what the person called it, its own, and provider:model."""
        line = self.line_for((spec, model, f"{provider}:{model}"))
        return line.price if line is not None else None


NO_PRICES: Final = PriceList()


def usage_cost(price: Price | None, usage: Usage | None) -> Cost:
    """What one answered request cost."""
    if price is not None and price.is_free:
        return Cost(priced=1)
    if price is None or usage is None or not usage.total_tokens:
        return Cost(unpriced=1)
    return price.cost(usage)


def round_cost(price: Price | None, current: RoundSpan) -> Cost:
    """What the answer of a round cost; failed requests are not counted, because their cost is unknown."""
    answer = current.response
    return usage_cost(price, answer.response.usage) if answer is not None else Cost()


def trace_cost(prices: PriceList, trace: Trace) -> Cost:
    """What a whole run cost, inherited rounds of a fork included, as in its other totals."""
    price = prices.price_of(trace.started)
    total = Cost()
    for current in trace.rounds():
        total = total + round_cost(price, current)
    return total


def money(dollars: Decimal) -> str:
    """`$0.0123`, `$4.50`, `<$0.0001`, `$0`."""
    if dollars == 0:
        return "$0"
    if 0 < dollars < _SMALLEST:
        return "<$0.0001"
    places = _SMALLEST if abs(dollars) < 1 else Decimal("0.01")
    rounded = dollars.quantize(places, ROUND_HALF_UP)
    sign = "−" if rounded < 0 else ""
    return f"{sign}${abs(rounded):,f}"
