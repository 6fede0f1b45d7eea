"""`workbench import-python`: tools from typed Python functions."""

import asyncio
from argparse import ArgumentParser
from pathlib import Path

from workbench.app.imports.import_python import ImportedTools, import_python_tools
from workbench.app.session import Session
from workbench.cli.exit_code import ExitCode
from workbench.cli.terminal import Terminal


def add_arguments(parser: ArgumentParser) -> None:
    """The command's arguments and its function."""
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument("module", metavar="MODULE")
    parser.add_argument("--trust", action="store_true", help="trust the project's current code for this import")
    parser.add_argument("--replace", action="store_true", help="overwrite existing tool files")
    parser.set_defaults(
        do=lambda parsed, terminal: import_python_command(
            parsed.project, parsed.module, terminal, trust=parsed.trust, replace=parsed.replace
        )
    )


def import_python_command(folder: Path, module: str, terminal: Terminal, *, trust: bool, replace: bool) -> int:
    """Write tool files for the module's `@tool` functions and say which."""
    imported = asyncio.run(_import(folder, module, trust=trust, replace=replace))
    for name in imported.written:
        terminal.say(f"wrote tools/{name}.json", "good")
    for name in imported.kept:
        terminal.say(f"kept tools/{name}.json ; use --replace to overwrite it", "dim")
    return ExitCode.ANSWERED


async def _import(folder: Path, module: str, *, trust: bool, replace: bool) -> ImportedTools:
    session = Session(folder, trust_for_now=trust)
    try:
        return await import_python_tools(session.project, module, is_trusted=session.trusts_code, replace=replace)
    finally:
        await session.close()
