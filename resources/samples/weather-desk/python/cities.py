"""The bundled cities. The weather in them is invented; nothing here asks the network."""

import difflib
import json
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "data" / "cities.json"

OTHER_NAMES = {
    "nyc": "New York",
    "new york city": "New York",
    "la": "Los Angeles",
    "sf": "San Francisco",
    "new delhi": "Delhi",
    "washington dc": "Washington",
    "washington d.c.": "Washington",
    "kiev": "Kyiv",
    "peking": "Beijing",
    "bombay": "Mumbai",
}


@cache
def all_cities() -> dict[str, dict[str, Any]]:
    """Every city by its plain name."""
    return {plain(row["city"]): row for row in json.loads(DATA.read_text(encoding="utf-8"))}


def find_city(name: str) -> dict[str, Any]:
    """The row of a city, written with or without its country and accents.

    Raises `LookupError` with near matches for a city that is not in the data.
    """
    wanted = plain(name.split(",")[0])
    wanted = plain(OTHER_NAMES.get(wanted, wanted))
    found = all_cities().get(wanted)
    if found is not None:
        return found
    near = difflib.get_close_matches(wanted, all_cities(), n=3, cutoff=0.5)
    if near:
        advice = f"Near matches: {', '.join(all_cities()[match]['city'] for match in near)}."
    else:
        advice = f"There are {len(all_cities())} cities, among them Tokyo, London, Paris and New York."
    raise LookupError(f"There is no city {name!r} in the data. {advice}")


def plain(text: str) -> str:
    """Without accents, capitals and surplus spaces."""
    letters = unicodedata.normalize("NFKD", text.strip().casefold())
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())
