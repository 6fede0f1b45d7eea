"""Run `make test` under every supported Python on this machine, each in an environment of its own (.venv-3.X)."""

import os
import subprocess
import sys
from pathlib import Path

from setup_env import SUPPORTED, supported_pythons

PROJECT = Path(__file__).resolve().parents[1]


def main() -> int:
    here = dict(supported_pythons())
    results = []
    for version in sorted(SUPPORTED):
        name = "{}.{}".format(*version)
        if version not in here:
            results.append("Python {}: not on this machine".format(name))
            continue
        print("== Python {} ==".format(name), flush=True)
        order = ["make", "--no-print-directory", "test", "PYTHON=" + here[version], "VENV=.venv-" + name]
        environment = {key: value for key, value in os.environ.items() if key not in ("MAKEFLAGS", "MAKELEVEL")}
        code = subprocess.call(order, cwd=str(PROJECT), env=environment)
        results.append("Python {}: {}".format(name, "passed" if code == 0 else "FAILED"))
    print("\n" + "\n".join(results))
    return 1 if not here or any(result.endswith("FAILED") for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
