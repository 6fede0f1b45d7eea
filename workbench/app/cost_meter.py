"""What a run has cost so far, taken from its events as they happen; and events as JSON lines that say so at the end."""

import msgspec

from workbench.core.event import ResponseReceived, RunEvent, RunFinished, RunStarted, encode_event
from workbench.core.price import Cost, Price, PriceList, usage_cost


class CostMeter:
    """One run. `cost` grows with every answer."""

    def __init__(self, prices: PriceList) -> None:
        self._prices = prices
        self._price: Price | None = None
        self.cost = Cost()

    def take(self, event: RunEvent) -> None:
        """The next event of the run."""
        if isinstance(event, RunStarted):
            self._price = self._prices.price_of(event)
        elif isinstance(event, ResponseReceived):
            self.cost = self.cost + usage_cost(self._price, event.response.usage)


def event_json(event: RunEvent, meter: CostMeter) -> str:
    """The event as one JSON line. `run.finished` also has `cost`, which is worked out now and is not on record."""
    meter.take(event)
    line = encode_event(event)
    if isinstance(event, RunFinished):
        line = msgspec.json.encode({**msgspec.json.decode(line), "cost": meter.cost.document()})
    return line.decode()
