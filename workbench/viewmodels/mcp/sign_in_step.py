"""A sign-in that is going on in the window: where it stands, and what the person is asked."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from workbench.core.sign_in_plan import SignInPlan


@dataclass(frozen=True)
class SignInStep:
    """`plan` waits to be approved; `address` is where the browser was sent. Both empty: on the way."""

    plan: str = ""
    address: str = ""


class PersonInWindow:
    """Implements `executors.sign_in_setup.Person`. `on_step` is told each step."""

    def __init__(self, on_step: Callable[[SignInStep], None], browse: Callable[[str], None]) -> None:
        self._on_step = on_step
        self._browse = browse
        self._answer: asyncio.Future[bool] | None = None
        self._on_step(SignInStep())

    async def approves(self, plan: SignInPlan) -> bool:
        """See `Person`."""
        self._answer = asyncio.get_running_loop().create_future()
        self._on_step(SignInStep(plan=plan.shown))
        agrees = await self._answer
        self._on_step(SignInStep())
        return agrees

    async def visit(self, address: str) -> None:
        """See `Person`."""
        self._browse(address)
        self._on_step(SignInStep(address=address))

    def approve(self) -> None:
        """The person agrees to the plan of the step that was told last."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(True)
