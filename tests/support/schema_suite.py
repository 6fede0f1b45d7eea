"""The public JSON-Schema-Test-Suite, as the source archive of the jsonschema package carries it.

It is no part of the repository: `WORKBENCH_SCHEMA_SUITE` names such an archive, or it is in build/schema-suite, where
`make reliability` puts it when it can.
"""

import json
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

ARCHIVE = "WORKBENCH_SCHEMA_SUITE"
FOLDER = Path(__file__).resolve().parents[2] / "build" / "schema-suite"
DRAFTS = {"draft7": "http://json-schema.org/draft-07/schema#", "draft2020-12": ""}


class Group(NamedTuple):
    """A schema and the verdicts about it. `is_optional`: what an implementation may do otherwise."""

    draft: str
    file: str
    name: str
    schema: Any
    tests: list[dict[str, Any]]
    is_optional: bool


def suite_archive() -> Path | None:
    """Where the suite is; None when it is not on this machine."""
    if name := os.environ.get(ARCHIVE):
        return Path(name) if Path(name).is_file() else None
    return next(iter(sorted(FOLDER.glob("jsonschema-*.tar.gz"), reverse=True)), None)


def suite_groups() -> Iterator[Group]:
    """All groups of the drafts that tools are written in."""
    archive = suite_archive()
    if archive is None:
        return
    with tarfile.open(archive) as opened:
        for member in opened.getmembers():
            _, mark, place = member.name.partition("/json/tests/")
            draft = place.partition("/")[0]
            if not mark or draft not in DRAFTS or not place.endswith(".json"):
                continue
            file = opened.extractfile(member)
            assert file is not None
            for group in json.load(file):
                schema = group["schema"]
                if DRAFTS[draft] and isinstance(schema, dict):
                    schema = {"$schema": DRAFTS[draft], **schema}
                is_optional = "/optional/" in place
                yield Group(draft, place.rpartition("/")[2], group["description"], schema, group["tests"], is_optional)
