"""`workbench otel`: recorded runs as OpenTelemetry traces, to a collector or into a file."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from workbench.app.telemetry.destination import destination_of
from workbench.app.telemetry.telemetry import Telemetry
from workbench.cli.exit_code import ExitCode
from workbench.cli.terminal import Terminal
from workbench.core.project_folder import HISTORY_FOLDER
from workbench.store.keys import KeyStore
from workbench.store.project_place import project_file_in
from workbench.store.redaction import Redactor
from workbench.store.runs import RunStore

ALL = 1_000_000
WAIT_S = 60.0


def add_arguments(parser: ArgumentParser) -> None:
    """The command's arguments and its function."""
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument(
        "runs", nargs="*", metavar="RUN", help="a run id, its beginning, or `last`; all runs where none is given"
    )
    parser.add_argument("--to", required=True, metavar="URL|FILE", help="a collector, such as http://127.0.0.1:4318")
    parser.add_argument("--content", action="store_true", help="also messages, arguments and results")
    parser.set_defaults(do=otel_command)


def otel_command(parsed: Namespace, terminal: Terminal) -> int:
    """Send the runs and return the exit code. Raises `UsageError` for a destination that cannot be used."""
    project_file_in(parsed.project)
    redactor = Redactor()
    keys = KeyStore(redactor)
    keys.watch_environment()
    destination = destination_of(parsed.to, keys, redactor)
    store = RunStore(parsed.project / HISTORY_FOLDER, redactor)
    try:
        found = [store.find(text) for text in parsed.runs] or [row.run_id for row in reversed(store.recorded(ALL))]
        telemetry = Telemetry(destination, store.facts, with_content=parsed.content)
        for run_id in found:
            telemetry.take_run(run_id)
        state = telemetry.close(WAIT_S)
    finally:
        store.close()
    if state.problem:
        terminal.complain(state.problem, "bad")
    terminal.say(f"Sent {state.delivered} of {len(found)} runs to {state.title}")
    return ExitCode.ANSWERED if state.delivered == len(found) else ExitCode.FAILED
