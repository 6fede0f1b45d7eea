"""`prices.toml`: the user's own prices, in the settings folder. Comments, order and other people's keys are kept."""

import re
import tomllib
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Float, Table, Trivia

from workbench.core.errors import ProjectError
from workbench.core.price import Price, PriceLine
from workbench.store.project_file import ProjectProblem
from workbench.store.tool_file import write_whole

AMOUNTS = ("input", "cached_input", "cache_write", "output")
_OTHERS = ("model", "source", "date")
_MOST = Decimal(1_000_000)
_HEADING = "# What models cost, in US dollars per million tokens. The first entry that fits a model counts.\n\n"


def read_prices(text: str, file: str) -> tuple[tuple[PriceLine, ...], tuple[ProjectProblem, ...]]:
    """The prices in a text, and what is wrong with it. An invalid entry is left out, the others count."""
    try:
        document = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        return (), (ProjectProblem(file, int(found[1]) if found else 0, f"not valid TOML: {error}"),)
    except RecursionError:
        return (), (ProjectProblem(file, 0, "not valid TOML: nested too deeply"),)
    problems = [
        ProjectProblem(file, _line_of(text, None, key), f"{key}: there is no such setting", "Write [[price]].")
        for key in document
        if key != "price"
    ]
    entries = document.get("price", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        problem = ProjectProblem(file, _line_of(text, None, "price"), "price: this has to be a list of tables")
        return (), (*problems, problem)
    lines: list[PriceLine] = []
    for place, entry in enumerate(entries):
        line, faults = _read_entry(entry)
        problems += [
            ProjectProblem(file, _line_of(text, place, key), f"price.{key}: {fault}" if key else fault)
            for key, fault in faults
        ]
        if line is not None:
            lines.append(line)
    return tuple(lines), tuple(problems)


def amount(text: str) -> Decimal:
    """The amount a user typed; raises `ValueError` saying what is wrong with it."""
    try:
        found = Decimal(text.strip().removeprefix("$").replace(",", ""))
    except InvalidOperation:
        raise ValueError("a price is a number, such as 0.25") from None
    return _checked(found)


class PriceFile:
    """One file. Writing keeps whatever it does not change."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def text(self) -> str:
        """What is in it; empty when there is none. Raises `ProjectError`."""
        try:
            return self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeDecodeError) as error:
            raise ProjectError(
                f"cannot be read: {error}", where=str(self.path), hint="Fix it or move it aside."
            ) from None

    def read(self) -> tuple[tuple[PriceLine, ...], tuple[ProjectProblem, ...]]:
        """The prices in it, and what is wrong with it."""
        try:
            text = self.text()
        except ProjectError as error:
            return (), (ProjectProblem(self.path.name, 0, error.message, error.hint),)
        return read_prices(text, self.path.name)

    def write(self, text: str) -> None:
        """Replace the file with this text, all of it or nothing."""
        write_whole(self.path, text)

    def changed(self, lines: Sequence[PriceLine]) -> str:
        """The text with exactly these prices: entries keep their comments and extra keys.

        Raises `ProjectError` when the file is damaged, because what is in it could be lost.
        """
        before = self.text()
        _, problems = read_prices(before, self.path.name)
        if problems:
            raise ProjectError(str(problems[0]), hint="Fix this first; nothing was written.")
        try:
            document = tomlkit.parse(before or _HEADING)
        except TOMLKitError as error:
            raise ProjectError(f"{self.path.name} cannot be read: {error}") from None
        old = document.get("price")
        known: list[Table] = list(old) if isinstance(old, AoT) else []
        models = [str(table.get("model", "")) for table in known]
        listed = tomlkit.aot()
        for line in lines:
            place = models.index(line.model) if line.model in models else None
            table = tomlkit.table()
            if place is not None:
                table = known[place]
                models[place] = "\0taken"
            _put(table, line)
            listed.append(table)
        if "price" in document:
            document.remove("price")
        if lines:
            document.append("price", listed)
        after = tomlkit.dumps(document)
        if (found := read_prices(after, self.path.name)) != (tuple(lines), ()):
            raise ProjectError(
                f"{self.path.name} cannot be changed without losing something", hint=f"Edit it as text. {found[1]}"
            )
        return after


def _put(table: Table, line: PriceLine) -> None:
    values: dict[str, Any] = {
        "model": line.model,
        "input": line.price.input,
        "cached_input": line.price.cached_input,
        "cache_write": line.price.cache_write,
        "output": line.price.output,
        "source": line.source or None,
        "date": line.date or None,
    }
    for key, value in values.items():
        if value is None:
            if key in table:
                table.remove(key)
        elif isinstance(value, Decimal):
            if key not in table or _decimal(table[key]) != value:
                table[key] = Float(float(value), Trivia(), _float_text(value))
        elif _plain(table.get(key)) != value:
            table[key] = value


def _read_entry(entry: dict[str, Any]) -> tuple[PriceLine | None, list[tuple[str, str]]]:
    faults: list[tuple[str, str]] = []
    amounts: dict[str, Decimal | None] = {}
    for key in AMOUNTS:
        value = entry.get(key)
        if value is None:
            if key in ("input", "output"):
                faults.append((key, "this is missing"))
            continue
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            faults.append((key, "a price is a number, such as 0.25"))
            continue
        try:
            amounts[key] = _checked(Decimal(value))
        except ValueError as error:
            faults.append((key, str(error)))
    model = entry.get("model")
    if not isinstance(model, str) or not model.strip():
        faults.append(("model", "the name of a model, or a pattern such as small-*, is missing"))
    faults += [(key, "there is no such setting") for key in entry if key not in (*AMOUNTS, *_OTHERS)]
    if faults:
        return None, faults
    paid, got = amounts["input"], amounts["output"]
    assert paid is not None
    assert got is not None
    price = Price(paid, got, amounts.get("cached_input"), amounts.get("cache_write"))
    return PriceLine(str(model), price, _plain(entry.get("source")), _plain(entry.get("date"))), []


def _checked(value: Decimal) -> Decimal:
    if not value.is_finite() or value < 0 or value > _MOST:
        raise ValueError("a price is between 0 and 1,000,000 dollars per million tokens")
    return value


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if value is not None else ""


def _decimal(item: Any) -> Decimal | None:
    try:
        return Decimal(item.as_string())
    except (AttributeError, InvalidOperation):
        return None


def _float_text(value: Decimal) -> str:
    text = f"{value:f}"
    return text if "." in text else f"{text}.0"


def _line_of(text: str, place: int | None, key: str) -> int:
    """The line a setting of an entry is in, counted from 1; the entry's own line when it has no such setting."""
    lines = text.splitlines()
    name = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=") if key else None
    headings = [number for number, line in enumerate(lines) if re.match(r"\s*\[\[\s*price\s*\]\]", line)]
    start, end = 0, len(lines)
    if place is not None and place < len(headings):
        start = headings[place]
        end = headings[place + 1] if place + 1 < len(headings) else len(lines)
    if place is None:
        heading = re.compile(rf"\s*\[\[?\s*[\"']?{re.escape(key)}\b")
        found = next((n for n, line in enumerate(lines) if heading.match(line) or (name and name.match(line))), -1)
        return found + 1
    for number in range(start, end):
        if name is not None and name.match(lines[number]):
            return number + 1
    return start + 1
