"""What a person wants to have sent, and where to."""

import msgspec


class TelemetryOrder(msgspec.Struct, frozen=True):
    """`to` is the address of a collector or the name of a file, empty for nowhere; `content`: also what was said, given
    and returned."""

    to: str
    content: bool = False
