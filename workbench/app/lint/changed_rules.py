"""Rules about a tool's past: its text changed since it was tested, or since its server's tools were approved."""

from collections.abc import Iterator, Sequence

from workbench.app.exports.coverage import CoverageTable
from workbench.core.lint.finding import Finding
from workbench.core.lint.rule import Grounds, LintRule
from workbench.core.lint.sources import POISONING
from workbench.core.tool import Tool


def changed_since_tested(tools: Sequence[Tool], coverage: CoverageTable) -> Iterator[tuple[Tool, Finding]]:
    """Tools of which only an earlier text was tested."""
    for tool in tools:
        if coverage.state(tool) == "stale":
            words = "the text changed since a suite tested it, so those results are about another text"
            yield tool, Finding("note", "", words, rule=CHANGED_SINCE_TESTED.id)


def changed_since_approved(names: Sequence[tuple[str, str]]) -> Iterator[Finding]:
    """Tools of servers, by server and name, that differ from the approved ones."""
    for server, name in names:
        words = f"{server} changed its tool {name[:60]!r} since you approved it, so it is withheld"
        yield Finding("warning", "", words, rule=CHANGED_SINCE_APPROVED.id, about=f"{server}/{name}")


CHANGED_SINCE_TESTED = LintRule(
    "changed-since-tested",
    "note",
    "A tool whose text is not the one that a suite tested.",
    Grounds("A result is about exactly the text that was offered.", "how evidence is bound to a text, by its digest"),
    lambda _document, _surroundings: (),
)
CHANGED_SINCE_APPROVED = LintRule(
    "changed-since-approved",
    "warning",
    "A tool of an MCP server that is not what you approved.",
    Grounds("A server can offer a harmless tool first, and another text later.", POISONING),
    lambda _document, _surroundings: (),
)
