"""Named tasks of the window."""

import asyncio

import pytest

from workbench.gui.kit.tasks import Tasks


async def forever() -> None:
    await asyncio.Event().wait()


async def test_a_second_task_of_the_same_name_is_refused() -> None:
    tasks = Tasks()
    assert tasks.start("one", forever())
    assert not tasks.start("one", forever())
    tasks.cancel("one")
    await tasks.finish("one")
    assert not tasks.is_running("one")


async def test_a_task_that_has_ended_makes_room_before_its_end_is_told() -> None:
    tasks, order = Tasks(), []

    async def work(number: int) -> None:
        order.append(number)

    def start_again() -> None:
        assert tasks.start("one", work(2), lambda: order.append("told"))

    tasks.start("one", work(1), lambda: order.append("first told"))
    asyncio.get_running_loop().call_soon(start_again)  # after the first step of the task, before its callbacks
    for _ in range(4):
        await asyncio.sleep(0)
    assert order == [1, "first told", 2, "told"]
    assert not tasks.is_running("one")


@pytest.mark.log_expected
async def test_a_failure_is_told_by_name() -> None:
    async def fail() -> None:
        raise ValueError("no")

    tasks = Tasks()
    failures: list[tuple[str, str]] = []
    tasks.failed.connect(lambda name, error: failures.append((name, str(error))))
    tasks.start("one", fail())
    await tasks.finish("one")
    await asyncio.sleep(0)
    assert failures == [("one", "no")]


async def test_closing_cancels_what_is_left_and_waits_for_it() -> None:
    ended: list[str] = []

    async def tidy() -> None:
        try:
            await forever()
        finally:
            await asyncio.sleep(0)
            ended.append("tidied")

    tasks = Tasks()
    tasks.start("one", tidy())
    await asyncio.sleep(0)
    await tasks.close()
    assert ended == ["tidied"]


def test_what_a_timer_begins_after_the_loop_has_ended_is_dropped() -> None:
    assert not Tasks().start("late", forever())


async def test_what_a_timer_begins_after_all_were_closed_is_dropped() -> None:
    tasks = Tasks()
    await tasks.close()
    assert not tasks.start("late", forever())
    assert not tasks.is_running("late")
