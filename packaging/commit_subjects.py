"""The subject of every commit is at most 72 characters, so that lists of commits show it whole.

python packaging/commit_subjects.py        prints the ones that are longer; exit code 1 when there are any
"""

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
LONGEST = 72
FIRST_CHECKED = "f711fcc57e6729149e71fa3cc976ae394580fc76"
"""The commits after this one are checked; the older ones were not."""


def too_long(project: Path, after: str = FIRST_CHECKED) -> list[str]:
    """The longer subjects, as `commit: text`; none where there is no Git or the clone does not reach back that far."""
    order = ["git", "-C", str(project), "log", "--no-merges", "--format=%h\t%s", f"{after}..HEAD"]
    try:
        listed = subprocess.run(order, capture_output=True, encoding="utf-8", check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return []
    commits = [line.partition("\t")[::2] for line in listed.splitlines()]
    return [
        f"commit {commit}: its subject has {len(subject)} characters, {LONGEST} are allowed: {subject}"
        for commit, subject in commits
        if len(subject) > LONGEST
    ]


if __name__ == "__main__":
    found = too_long(PROJECT)
    print("\n".join(found) or "Commit subjects: short enough.")
    sys.exit(1 if found else 0)
