"""A baseline: the findings of an earlier lint, which are not reported again."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from workbench.app.lint.project_lint import LintFinding
from workbench.app.lint.sarif import FINGERPRINT
from workbench.core.errors import UsageError, WorkbenchError
from workbench.core.json_text import JsonValue, parse_strict
from workbench.store.small_file import read_small, text_in

_HINT = "Take a file written by `workbench lint --json` or `--sarif`."


def read_baseline(path: Path) -> frozenset[str]:
    """The fingerprints in an earlier output of either kind. Raises `UsageError` for a file that is none."""
    try:
        document = parse_strict(text_in(read_small(path)))
    except OSError as error:
        raise UsageError(f"cannot read the baseline {path}: {error.strerror or error}", hint=_HINT) from None
    except WorkbenchError as error:
        raise UsageError(f"the baseline {path} cannot be read: {error.message}", hint=_HINT) from None
    listed = _listed(document)
    if listed is None:
        raise UsageError(f"{path} is not an earlier lint", hint=_HINT)
    return frozenset(_fingerprints(listed))


def without_known(findings: Sequence[LintFinding], known: frozenset[str]) -> tuple[LintFinding, ...]:
    """The findings that the baseline does not have."""
    return tuple(finding for finding in findings if finding.fingerprint not in known)


def _listed(document: JsonValue) -> list[JsonValue] | None:
    """The findings of a JSON output, or the results of all runs of a SARIF file."""
    if not isinstance(document, dict):
        return None
    runs = document.get("runs")
    if not isinstance(runs, list):
        findings = document.get("findings")
        return findings if isinstance(findings, list) else None
    results = (run.get("results") for run in runs if isinstance(run, dict))
    return [each for listed in results if isinstance(listed, list) for each in listed]


def _fingerprints(listed: Sequence[JsonValue]) -> Iterator[str]:
    for each in listed:
        if isinstance(each, dict):
            marks = each.get("partialFingerprints")
            mark = marks.get(FINGERPRINT) if isinstance(marks, dict) else each.get("fingerprint")
            if isinstance(mark, str):
                yield mark
