"""The bodies of this project's tools. They run in a process of their own, after you have trusted them."""

import random


def roll_dice(count: int, sides: int = 6) -> dict[str, object]:
    """Roll dice and get what each of them shows."""
    dice = [random.randint(1, sides) for _ in range(count)]
    return {"dice": dice, "total": sum(dice)}
