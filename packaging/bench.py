"""The measurements this project ships: every row against its floor or a peer, side by side, in one run.

python packaging/bench.py [--rounds 3] [--only P1,growth] [--share 0.25] [--write] [--busy] [--peers-python PATH]

It starts its own server on the loopback interface and needs no network, but for the first installation of the peers.
Medians are given with the lowest and the highest of all rounds. Ratios are taken round by round. Compare processor
time, not wall time, on a machine that does other things as well.
"""

import argparse
import sys
import time
import traceback
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from benchmark import machine
from benchmark.bench import PROJECT, Bench
from benchmark.document import write
from benchmark.figure import Line, failed
from benchmark.peers import inspect_python, peers_python, promptfoo, versions
from benchmark.rows import Row, all_rows, is_asked_for
from benchmark.table import in_text

_PATIENCE_S = 300
_REFUSED = 3


def main() -> int:
    """Measure what was asked for and print one table."""
    asked = _arguments()
    names = [name for name in asked.only.split(",") if name]
    rows = {name: row for name, row in all_rows().items() if not names or any(is_asked_for(name, n) for n in names)}
    if not rows:
        sys.exit(f"There is no row {asked.only}; the rows are {', '.join(all_rows())}.")
    peers = asked.peers_python or peers_python()
    if asked.write and not asked.busy and not machine.is_quiet(_PATIENCE_S):
        print(
            f"The load is {machine.load():.1f}, and a table is only written at {machine.HIGHEST_LOAD:g} or less."
            " End other programs, or use --busy: what they take is in the table either way."
        )
        return _REFUSED
    about = f"{datetime.now(UTC):%Y-%m-%d}, {machine.description()}, load {machine.load():.1f} at the start"
    about += f", {asked.rounds} rounds, against {versions()}"
    print(about)
    begun = time.monotonic()
    lines: list[Line] = []
    with Bench(
        rounds=asked.rounds, share=asked.share, peers_python=peers, inspect=inspect_python(), promptfoo=promptfoo()
    ) as bench:
        for name, row in rows.items():
            print(f"… {time.monotonic() - begun:4.0f} s  {name}: {row.TITLE}", file=sys.stderr, flush=True)
            others = machine.Others(bench.server_id)
            measured = list(_measured(name, row, bench))
            lines += [replace(line, others=str(others)) for line in measured]
    print(in_text(lines))
    if asked.write:
        write(PROJECT, lines, about, {name: row.LEAVES_OUT for name, row in rows.items()})
    return 1 if any(line.verdict == "failed" for line in lines) else 0


def _measured(name: str, row: Row, bench: Bench) -> Iterator[Line]:
    """The lines of a row. One that fails says so in the table and does not keep the others from being measured."""
    try:
        yield from row.measure(bench)
    except Exception as error:  # noqa: BLE001 — door: see above
        traceback.print_exc()
        yield failed(name, row.TITLE, str(error) or type(error).__name__)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="how often everything is measured (default: 3)")
    parser.add_argument("--share", type=float, default=1.0, help="part of the work to do: for trying, not quoting")
    parser.add_argument("--peers-python", default="", metavar="PATH", help="an interpreter with other peers")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--only", default="", metavar="ROWS", help="some rows only, such as P1,P9 or growth")
    what.add_argument("--write", action="store_true", help="replace what BENCHMARKS.md and README.md say")
    parser.add_argument("--busy", action="store_true", help="write the table although other programs are running")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
