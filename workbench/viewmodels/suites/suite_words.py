"""What is said of suite runs in the window: which ones there are, and how the candidates of a race stand."""

from collections.abc import Sequence

from workbench.app.suites.suite_race import RaceRound
from workbench.core.suite.race import Standing
from workbench.core.suite.trial import SuiteRun
from workbench.viewmodels.shared import figures

STANDING_COLUMNS = ("Round", "Candidate", "Lead", "Cases", "Steps", "Tokens", "")


def standing_cells(standing: Standing, race_round: RaceRound) -> tuple[str, ...]:
    """As `STANDING_COLUMNS`."""
    end = "dropped" if standing.is_dropped else "won on tune cases" if race_round.number == race_round.of else "stays"
    lead = f"{standing.lead * 100:+z.1f} points"
    steps = "" if standing.steps is None else f"{standing.steps:+.2g}"
    tokens = "" if not standing.tokens else f"{standing.tokens:+,.0f}"
    place = f"{race_round.number} of {race_round.of}"
    return place, standing.candidate, lead, f"{standing.cases}", steps, tokens, end


def order_words(runs: Sequence[SuiteRun]) -> list[tuple[str, str]]:
    """Recorded runs as choices: id, and when, what and how many."""
    return [
        (
            run.suite_run_id,
            f"{figures.clock_time(run.at)} · {run.split} · {len(run.cases)} cases · "
            f"{', '.join(arm.title for arm in run.arms)}",
        )
        for run in runs
    ]
