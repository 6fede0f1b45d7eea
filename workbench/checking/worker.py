"""The child process that checks arguments: one JSON line in, one JSON line out.

It runs where a schema could take for ever or crash the validator. It has no keys, and nothing it does can
touch the program: it is killed when it takes too long.
"""

import json
import sys
from collections.abc import Sequence

import msgspec

from workbench.core.schema import check_arguments


def main(_arguments: Sequence[str] = ()) -> int:
    """Answer `{"schema": …, "arguments": …}` with the list of problems until the input ends."""
    _bound_memory()
    sys.setrecursionlimit(2_000)
    out = sys.stdout.buffer
    out.write(b'"ready"\n')
    out.flush()
    for line in sys.stdin.buffer:
        order = json.loads(line)
        problems = check_arguments(order["schema"], order["arguments"])
        out.write(msgspec.json.encode(problems) + b"\n")
        out.flush()
    return 0


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return
    resource.setrlimit(resource.RLIMIT_AS, (2**31, 2**31))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
