"""A command as a person starts it: its processor time. Standard library only."""

import os
import resource
import subprocess
import sys

from benchmark.programs.cost import order, report


def main() -> None:
    """Measure as ordered."""
    told = order()
    environment = {**os.environ, "WORKBENCH_HOME": told["folder"]}
    subprocess.run([sys.executable, *told["order"]], env=environment, stdout=subprocess.DEVNULL, check=True)
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    report(cpu_s=usage.ru_utime + usage.ru_stime)


if __name__ == "__main__":
    main()
