"""What views show of replays: points, forks, playbacks, reruns and verdicts. Views use only this floor, so it
re-exports the names they need."""

from workbench.engine.setup import RunSetup
from workbench.replay.fork import Fork
from workbench.replay.fork_point import ForkPoint, parse_point, points
from workbench.replay.fork_tools import ForkTools
from workbench.replay.playback import Playback
from workbench.replay.recorded_call import CheckStatus
from workbench.replay.recording import Recording
from workbench.replay.rerun import Rerun
from workbench.replay.setup_offer import offer_of
from workbench.replay.thinking import KeepThinking

__all__ = [
    "CheckStatus",
    "Fork",
    "ForkPoint",
    "ForkTools",
    "KeepThinking",
    "Playback",
    "Recording",
    "Rerun",
    "RunSetup",
    "offer_of",
    "parse_point",
    "points",
]
