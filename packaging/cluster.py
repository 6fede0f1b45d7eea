"""A Dask cluster on this machine: a scheduler and workers on loopback, until Ctrl+C.

    python packaging/cluster.py [--port 8786] [--workers 2] [--threads 16]

Only programs of this user are let in: both sides show a certificate that is made at the start, is readable by this user
alone, and is removed at the end. Keys of models are read from the environment that this is started in.
"""

import argparse
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from distributed import Client, Security

from workbench.app.project.folders import UserFolders

_START_S, _LOOK_S, _END_S = 60.0, 5.0, 3.0


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Start a Dask cluster on this machine.")
    parser.add_argument("--port", type=int, default=8786)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=16, help="trials at the same time on each worker")
    parsed = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    if not _is_free(parsed.port):
        print(f"Port {parsed.port} is in use. Is a cluster running already? --port chooses another.", file=sys.stderr)
        return 1
    certificate = _certificate(UserFolders.of_this_user().cluster_folder / f"{parsed.port}.pem")
    started: list[subprocess.Popen[bytes]] = []
    try:
        tls = [f"--tls-{what}={certificate}" for what in ("ca-file", "cert", "key")]
        own = ["--host", "127.0.0.1", "--protocol", "tls://", *tls]
        started.append(_start("dask_scheduler", *own, "--port", str(parsed.port), "--no-dashboard"))
        address = f"tls://127.0.0.1:{parsed.port}"
        shape = ["--nthreads", str(parsed.threads), "--no-nanny", "--no-dashboard"]
        for _ in range(parsed.workers):
            started.append(_start("dask_worker", address, *own, *shape))
        if not _have_come(started, address, certificate):
            print("A scheduler or worker has ended, or does not answer.", file=sys.stderr)
            return 1
        print("Processes:", *(each.pid for each in started), flush=True)
        print(f"workbench suite run PROJECT SUITE --on dask://127.0.0.1:{parsed.port}", flush=True)
        print("Ctrl+C ends it.", flush=True)
        while started[0].poll() is None:
            time.sleep(0.2)
        print("The scheduler has ended.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl+C must not leave anything behind
        certificate.unlink(missing_ok=True)
        for each in started:
            each.terminate()
        for each in started:
            try:
                each.wait(_END_S)
            except subprocess.TimeoutExpired:
                each.kill()


def _start(program: str, *arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-m", f"distributed.cli.{program}", *arguments])


def _is_free(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def _have_come(started: Sequence["subprocess.Popen[bytes]"], address: str, certificate: Path) -> bool:
    """Whether the scheduler answers and knows all workers, before one of them ends."""
    file = str(certificate)
    security = Security(tls_ca_file=file, tls_client_cert=file, tls_client_key=file, require_encryption=True)
    latest = time.monotonic() + _START_S
    while time.monotonic() < latest and all(each.poll() is None for each in started):
        try:
            with Client(address, security=security, set_as_default=False, timeout=_LOOK_S) as client:
                client.wait_for_workers(len(started) - 1, timeout=_LOOK_S)
        except (OSError, TimeoutError):
            continue
        return True
    return False


def _certificate(path: Path) -> Path:
    made = Security.temporary()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(f"{made.tls_client_key}{made.tls_client_cert}", encoding="utf-8")
    return path


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
