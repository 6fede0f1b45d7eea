"""Arithmetic without `eval`: numbers, operators and a few functions, and no way to keep the machine busy."""

import math
import operator
import re
from ast import Add, Div, FloorDiv, Mod, Mult, Pow, Sub, UAdd, USub

from simpleeval import InvalidExpression, SimpleEval

MAX_CHARS = 500
MAX_DIGITS = 300


def calculate(expression: str) -> dict[str, object]:
    """The value of an arithmetic expression.

    Knows + - * / // % ** (also written ^, ×, ÷), brackets, "15% of 80", abs, min, max, round and sqrt.
    """
    if len(expression) > MAX_CHARS:
        raise ValueError(f"The expression is longer than {MAX_CHARS} characters.")
    reader = SimpleEval(operators=OPERATORS, functions=FUNCTIONS, names={"pi": math.pi})
    try:
        value = reader.eval(in_python(expression))
    except ZeroDivisionError:
        raise ValueError("Division by zero has no value.") from None
    except KeyError:  # an operator that is not among ours, such as <
        raise ValueError(f"{expression!r} is not an arithmetic expression.") from None
    except (InvalidExpression, SyntaxError, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise ValueError(f"{expression!r} cannot be calculated: {error}") from None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{expression!r} is not an arithmetic expression.")
    return {"expression": expression, "value": tidy(value)}


def in_python(expression: str) -> str:
    """The expression in Python's spelling of the operators."""
    text = re.sub(r"(\d+(?:\.\d+)?)\s*%\s*of\s+", r"\1 / 100 * ", expression, flags=re.IGNORECASE)
    for written, meant in {"×": "*", "·": "*", "÷": "/", "−": "-", "^": "**"}.items():
        text = text.replace(written, meant)
    return text.strip()


def tidy(value: int | float) -> int | float:
    """Without the noise of binary fractions, and no integer that other programs cannot hold."""
    if isinstance(value, float):
        return round(value, 10)
    return value if abs(value) <= 2**53 else float(value)


def bounded_power(base: float, exponent: float) -> float:
    """A power of at most 300 digits; Python itself would go on for hours."""
    if abs(base) > 1 and exponent * math.log10(abs(base)) > MAX_DIGITS:
        raise ValueError(f"the power has more than {MAX_DIGITS} digits")
    result = base**exponent
    if isinstance(result, complex):
        raise ValueError("the root of a negative number is not a real number")
    return result


OPERATORS = {
    Add: operator.add,
    Sub: operator.sub,
    Mult: operator.mul,
    Div: operator.truediv,
    FloorDiv: operator.floordiv,
    Mod: operator.mod,
    Pow: bounded_power,
    USub: operator.neg,
    UAdd: operator.pos,
}
FUNCTIONS = {"abs": abs, "min": min, "max": max, "round": round, "sqrt": math.sqrt}
