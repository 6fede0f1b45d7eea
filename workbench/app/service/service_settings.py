"""What a service offers."""

import msgspec

DEFAULT_PORT = 8765


class ServiceSettings(msgspec.Struct, frozen=True, kw_only=True):
    """`only_tested` withholds tools whose text was not tested as it is now. `read_only` withholds those that may change
    something, and conversations. `may_register` lets clients add tools. A client may come back with a
    decision for `approval_s` seconds."""

    only_tested: bool = False
    read_only: bool = False
    may_register: bool = False
    approval_s: float = 600.0
