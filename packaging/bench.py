"""The measurements this project ships: every row against its floor or a peer, side by side, in one run.

python packaging/bench.py [--rounds 5] [--only P1,P9] [--quick] [--peers-python PATH] [--write]

It starts its own server on the loopback interface and needs no network. Medians are given with the lowest and
the highest of all rounds. Ratios are taken round by round. Compare processor time, not wall time, on a machine
that does other things as well. Peers (pydantic-ai, openai-agents) are measured where they are installed.
"""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmark import machine
from benchmark.bench import PROJECT, Bench
from benchmark.figure import Line
from benchmark.rows import p1, p2, p3, p4, p5, p6_p7, p8, p9, p10, p11
from benchmark.table import in_markdown, in_text

ROWS = {"P1": p1, "P2": p2, "P3": p3, "P4": p4, "P5": p5, "P6": p6_p7, "P8": p8, "P9": p9, "P10": p10, "P11": p11}
REPORT = PROJECT / "BENCHMARKS.md"
_BEGIN, _END = "<!-- last run -->\n", "<!-- end of last run -->\n"


def main() -> None:
    """Measure what was asked for and print one table."""
    asked = _arguments()
    only = {"P6" if name == "P7" else name for name in asked.only.upper().split(",") if name}
    if unknown := only - ROWS.keys():
        sys.exit(f"There is no row {', '.join(sorted(unknown))}; the rows are {', '.join(ROWS)}.")
    lines: list[Line] = []
    about = f"{datetime.now(UTC):%Y-%m-%d}, {machine.description()}, load {machine.load():.1f} at the start"
    print(about)
    with Bench(rounds=asked.rounds, is_quick=asked.quick, peers_python=asked.peers_python) as bench:
        for name, row in ROWS.items():
            if not only or name in only:
                print(f"… {name}: {row.TITLE}", file=sys.stderr, flush=True)
                lines += row.measure(bench)
    print(in_text(lines))
    if asked.write:
        command = f"python packaging/bench.py --rounds {asked.rounds}"
        command += f" --only {asked.only}" if asked.only else ""
        _write(REPORT, lines, about, command + (" --quick" if asked.quick else ""))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="how often everything is measured (default: 5)")
    parser.add_argument("--only", default="", metavar="ROWS", help="some rows only, such as P1,P9")
    parser.add_argument("--quick", action="store_true", help="a quarter of the work: for trying, not for quoting")
    parser.add_argument("--peers-python", default=sys.executable, metavar="PATH", help="an interpreter with the peers")
    parser.add_argument("--write", action="store_true", help="put the table into BENCHMARKS.md as well")
    return parser.parse_args()


def _write(path: Path, lines: list[Line], about: str, command: str) -> None:
    """Replace the table of the last run; what stands around it stays."""
    text = path.read_text(encoding="utf-8")
    before, _, rest = text.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    table = f"{about}\n\n    {command}\n\n{in_markdown(lines)}\n"
    path.write_text(f"{before}{_BEGIN}\n{table}\n{_END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
