"""Findings as SARIF 2.1.0, which code-scanning services read."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from workbench import __version__
from workbench.app.lint.effects import grounds_of
from workbench.app.lint.project_lint import ALL_RULES, LintFinding, Replacement
from workbench.core.lint.rule import LintRule

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
FINGERPRINT = "toolRule/v1"
_ROOT = "%SRCROOT%"


def sarif(findings: Sequence[LintFinding]) -> dict[str, Any]:
    """The document. Places are relative to the project's folder."""
    numbers = {rule.id: number for number, rule in enumerate(ALL_RULES)}
    driver = {"name": "Tool-Calling Workbench", "version": __version__, "rules": [_rule(rule) for rule in ALL_RULES]}
    results = [_result(finding, numbers[finding.rule]) for finding in findings]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: LintRule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "name": rule.id.title().replace("-", ""),
        "shortDescription": {"text": rule.about},
        "help": {"text": grounds_of(rule)},
        "defaultConfiguration": {"level": rule.severity},
    }


def _result(finding: LintFinding, number: int) -> dict[str, Any]:
    artifact = _artifact(finding)
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": artifact,
            "region": {"startLine": finding.line, "startColumn": finding.column},
        },
    }
    if finding.place:
        location["logicalLocations"] = [{"fullyQualifiedName": finding.place}]
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": number,
        "level": finding.severity,
        "message": {"text": f"{finding.tool}: {finding.message}" if finding.tool else finding.message},
        "locations": [location],
        "partialFingerprints": {FINGERPRINT: finding.fingerprint},
    }
    if finding.fix is not None:
        result["fixes"] = [_fix(finding.fix, artifact)]
    return result


def _artifact(finding: LintFinding) -> dict[str, Any]:
    return {"uri": quote(finding.file), "uriBaseId": _ROOT}


def _fix(fix: Replacement, artifact: dict[str, Any]) -> dict[str, Any]:
    (start_line, start_column), (end_line, end_column) = fix.start, fix.end
    region = {"startLine": start_line, "startColumn": start_column, "endLine": end_line, "endColumn": end_column}
    replacement = {"deletedRegion": region, "insertedContent": {"text": fix.text}}
    return {
        "description": {"text": fix.words},
        "artifactChanges": [{"artifactLocation": artifact, "replacements": [replacement]}],
    }
