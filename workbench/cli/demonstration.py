"""The sample conversation in the terminal, for machines without a display: calls, results, an approval, the trace."""

from workbench.app.project.new_project import own_sample
from workbench.cli.approver import has_person
from workbench.cli.exit_code import ExitCode
from workbench.cli.run import RunOrder, run_command
from workbench.cli.terminal import Terminal
from workbench.core.approval import Decision, Question

SAMPLE = "weather-desk"
CONVERSATION = (
    "What is the weather in Tokyo and London?",
    "Send an email to ana@example.com with the subject Trip and the body Pack a raincoat for London.",
)


def demonstration_command(terminal: Terminal) -> int:
    """Have the sample conversation and return the first exit code that is not 0."""
    terminal.say("No display found, so the sample conversation runs in the terminal.", "strong")
    terminal.say("With a display, the same command opens the window.\n", "dim")
    project = own_sample(SAMPLE)
    approver = None if has_person() else SampleApprover()
    for prompt in CONVERSATION:
        order = RunOrder(project=project, prompt=prompt, model="local")
        if (code := run_command(order, terminal, approver)) != ExitCode.ANSWERED:
            return code
        terminal.say("")
    terminal.say(f"The project is in {project}; its outbox is .workbench/outbox. Next: workbench --help", "dim")
    return ExitCode.ANSWERED


class SampleApprover:
    """Nobody is at the keyboard, so the sample approves its own local email, on record and in sight."""

    async def decide(self, question: Question) -> Decision:
        """See `engine.ports.Approver`."""
        return Decision(
            "approve", by="the sample", note="no one is at the keyboard; this email stays in a local folder"
        )
