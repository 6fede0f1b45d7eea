"""The wire formats as the contract tests see them."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple
from urllib.parse import urlsplit

from workbench.core.exchange import Delta, ModelRequest, ModelResponse, StreamItem, WireRequest
from workbench.providers.adapter import WireAdapter
from workbench.providers.answer import AnswerReader, EventFold
from workbench.providers.registry import WIRES
from workbench.providers.wire import Wire
from workbench.providers.wire_failure import KindOf


class Format(NamedTuple):
    """One wire format. `base_suffix` is what its addresses have behind a server's root."""

    wire_format: str
    fold: Callable[[], EventFold]
    decode: Callable[[bytes], ModelResponse]
    encode: Callable[[ModelRequest], WireRequest]
    kind_of: KindOf
    adapter: Callable[..., WireAdapter]
    base_suffix: str
    wire: Wire


def _format(wire: Wire) -> Format:
    code = wire.load(True)
    suffix = urlsplit(wire.base_url).path
    adapter = partial(WireAdapter, wire)
    return Format(wire.wire_format, code.stream, code.decode, code.encode, code.kind_of, adapter, suffix, wire)


FORMATS = {wire.wire_format: _format(wire) for wire in WIRES}


def read_pieces(form: Format, pieces: list[bytes]) -> tuple[list[Delta], ModelResponse]:
    """What the format's reader makes of a body that arrives in `pieces`; raises what it raises."""
    reader = AnswerReader(form.fold(), form.decode)
    items: list[StreamItem] = []
    for piece in pieces:
        items += reader.feed(piece)
    items += reader.finish()
    deltas = [item for item in items if isinstance(item, Delta)]
    (response,) = [item for item in items if isinstance(item, ModelResponse)]
    assert items[-1] is response
    return deltas, response
