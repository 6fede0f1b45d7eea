"""The evidence of `workbench export --evidence`: a file beside what was exported."""

import asyncio
import time
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from workbench.app.exports.evidence import Gathered, evidence_for
from workbench.app.exports.signers import Signers
from workbench.app.exports.tool_export import Exported
from workbench.app.session import Session
from workbench.cli.exit_code import ExitCode
from workbench.cli.terminal import Terminal
from workbench.core.evidence.envelope import sign
from workbench.core.evidence.statement import statement_text
from workbench.core.tool import Tool


def write_evidence(
    parsed: Namespace,
    tools: Sequence[Tool],
    files: Mapping[Path, Exported],
    write: Callable[[str], None],
    terminal: Terminal,
) -> int:
    """Gather it and write it. Without any test of these tools there is none, and the exit code says so."""

    async def work() -> int:
        session = Session(parsed.project)
        try:
            private_key = Signers(session.keys, session.folders).private_key(parsed.sign) if parsed.sign else None
            gathered = Gathered(session.suites, tools)
            for tool in gathered.tools:
                if tool.state != "tested":
                    terminal.complain(f"{tool.name}: {tool.state}", "warn")
            if gathered.is_empty:
                terminal.complain(
                    "No evidence was written: no suite run tested these tools. Run a suite, then export again."
                )
                return ExitCode.NOT_COVERED
            exports = {path.name: exported for path, exported in files.items()}
            made = evidence_for(gathered, exports, parsed.format, strict=parsed.strict, at=time.time())
            text = statement_text(made)
            write(sign(text.encode(), private_key) if private_key is not None else text)
        finally:
            await session.close()
        return ExitCode.ANSWERED

    return asyncio.run(work())
