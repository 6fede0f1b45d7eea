"""What starts at the same moment goes on one after the other."""

import asyncio

from tests.support.passes import Passes
from workbench.engine.turns import Turns


async def test_one_goes_on_in_each_pass_of_the_loop_in_the_order_they_came() -> None:
    turns, order = Turns(), list[int]()

    async def go(number: int) -> None:
        await turns.wait()
        passes.mark()
        order.append(number)

    with Passes() as passes:
        await asyncio.gather(*(go(number) for number in range(50)))
    assert order == list(range(50))
    assert set(passes.by_pass.values()) == {1}


async def test_one_that_comes_alone_does_not_wait() -> None:
    turns = Turns()
    for _ in range(3):
        task = asyncio.create_task(turns.wait())
        await asyncio.sleep(0)
        assert task.done()
        await asyncio.sleep(0)


async def test_the_turn_of_one_that_is_cancelled_passes_to_the_next() -> None:
    for passed in range(8):  # before its first step, while it waits, and when its turn has just come
        turns = Turns()
        tasks = [asyncio.create_task(turns.wait()) for _ in range(4)]
        for _ in range(passed):
            await asyncio.sleep(0)
        for task in tasks[1:3]:
            task.cancel()
        await asyncio.wait(tasks)
        assert not tasks[3].cancelled()
        assert not tasks[0].cancelled()
