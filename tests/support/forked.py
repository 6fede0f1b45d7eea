"""Programs that start at once: forks of a process that has imported what they need.

Importing the workbench takes longer than most commands do. A fork is still a process of its own, with its own
environment, arguments, output and end. What starting Python itself means is tested elsewhere.
"""

import multiprocessing
import os
import runpy
import selectors
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from typing import Any

LIMIT_S = 240
"""For machines under load; a healthy one needs a second."""


def run_module(
    module: str, arguments: Sequence[str], environment: Mapping[str, str]
) -> "subprocess.CompletedProcess[str]":
    """What `python -m MODULE ARGUMENT…` does and says, in this environment and with nobody at the keyboard."""
    order = [sys.executable, "-m", module, *arguments]
    if not hasattr(os, "fork"):
        return subprocess.run(
            order,
            capture_output=True,
            encoding="utf-8",
            timeout=LIMIT_S,
            stdin=subprocess.DEVNULL,
            env=dict(environment),
            check=False,
        )
    context: Any = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.support.preloaded"])
    said, saying = context.Pipe(duplex=False)
    complained, complaining = context.Pipe(duplex=False)
    process = context.Process(target=_be, args=(module, list(arguments), dict(environment), saying, complaining))
    process.start()
    saying.close()
    complaining.close()
    try:
        stdout, stderr = _read(said, complained)
        process.join(LIMIT_S)
        if process.exitcode is None:
            raise subprocess.TimeoutExpired(order, LIMIT_S)
        return subprocess.CompletedProcess(order, process.exitcode, stdout, stderr)
    finally:
        process.kill()
        process.join()
        process.close()
        said.close()
        complained.close()


def _read(*pipes: Connection) -> list[str]:
    """All that comes out of each of them."""
    ends = time.monotonic() + LIMIT_S
    read = {pipe.fileno(): b"" for pipe in pipes}
    with selectors.DefaultSelector() as selector:
        for number in read:
            selector.register(number, selectors.EVENT_READ)
        while selector.get_map() and time.monotonic() < ends:
            for key, _ in selector.select(timeout=1.0):
                piece = os.read(key.fd, 65_536)
                read[key.fd] += piece
                if not piece:
                    selector.unregister(key.fd)
    return [text.decode("utf-8") for text in read.values()]


def _be(module: str, arguments: list[str], environment: dict[str, str], out: Connection, err: Connection) -> None:
    """Become that program."""
    os.environ.clear()
    os.environ.update(environment)
    encoding = environment.get("PYTHONIOENCODING", "utf-8")
    os.dup2(out.fileno(), 1)
    os.dup2(err.fileno(), 2)
    out.close()
    err.close()
    sys.stdout = open(1, "w", encoding=encoding, closefd=False)  # noqa: SIM115 — not a path
    sys.stderr = open(2, "w", encoding=encoding, closefd=False)  # noqa: SIM115
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
