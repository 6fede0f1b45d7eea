"""What calls need from outside the engine to be checked, decided and carried out."""

from dataclasses import dataclass

from workbench.core.sanitizer import IsInside
from workbench.engine.pacer import Pacer
from workbench.engine.ports import Approver, Checker, Executors, Gate, Grants, Provider, Registry


@dataclass(frozen=True, kw_only=True)
class CallServices:
    """Without `grants` and `registry`, no permission outlives its call and changes are not detected.

    Runs that share a `pacer` share the rate limits. `provider` answers what servers ask of the model. Without
    `is_inside`, paths are judged by their text alone.
    """

    executors: Executors
    approver: Approver
    gate: Gate
    checker: Checker
    grants: Grants | None = None
    registry: Registry | None = None
    pacer: Pacer | None = None
    is_inside: IsInside | None = None
    provider: Provider | None = None
