"""Weather, temperatures, the time, and a letter to somebody."""

import re
import uuid
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cities import find_city

PROJECT = Path(__file__).resolve().parent.parent
OUTBOX = PROJECT / ".workbench" / "outbox"

Unit = Literal["celsius", "fahrenheit", "kelvin"]


def get_weather(city: str, unit: Literal["celsius", "fahrenheit"] = "celsius") -> dict[str, object]:
    """The weather in a city, from the bundled data."""
    row = find_city(city)
    degrees = row["temperature_c"] if unit == "celsius" else round(row["temperature_c"] * 9 / 5 + 32, 1)
    return {
        "city": row["city"],
        "country": row["country"],
        "temperature": degrees,
        "unit": unit,
        "condition": row["condition"],
        "humidity_percent": row["humidity_percent"],
        "wind_kmh": row["wind_kmh"],
    }


def convert_temperature(value: float, from_unit: Unit, to_unit: Unit) -> dict[str, object]:
    """A temperature on another scale. Refuses what is colder than absolute zero."""
    kelvin = {"celsius": value + 273.15, "fahrenheit": (value - 32) * 5 / 9 + 273.15, "kelvin": value}[from_unit]
    if kelvin < 0:
        raise ValueError(f"{value:g} {from_unit} is below absolute zero.")
    there = {"celsius": kelvin - 273.15, "fahrenheit": (kelvin - 273.15) * 9 / 5 + 32, "kelvin": kelvin}[to_unit]
    return {"value": round(there, 2), "unit": to_unit}


def current_time(place: str) -> dict[str, object]:
    """The time now in a city of the data or in a time zone such as Europe/Oslo."""
    zone_name = place
    if "/" not in place and place.upper() not in ("UTC", "GMT"):
        zone_name = find_city(place)["timezone"]
    try:
        now = datetime.now(ZoneInfo(zone_name))
    except (ZoneInfoNotFoundError, ValueError):
        raise LookupError(f"There is no time zone {place!r}. Write it like Europe/Oslo, or name a city.") from None
    return {
        "place": place,
        "timezone": zone_name,
        "time": now.strftime("%H:%M"),
        "date": now.date().isoformat(),
        "weekday": now.strftime("%A"),
        "utc_offset": now.strftime("%z"),
    }


def send_email(to: str, subject: str, body: str) -> dict[str, object]:
    """Put a message into the project's outbox, .workbench/outbox/. Nothing leaves this computer."""
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", to):
        raise ValueError(f"{to!r} is not an e-mail address.")
    message = EmailMessage()
    message["To"] = to
    message["From"] = "weather-desk@example.com"
    message["Subject"] = " ".join(subject.split())
    message.set_content(body)
    OUTBOX.mkdir(parents=True, exist_ok=True)
    path = OUTBOX / f"{uuid.uuid4().hex[:12]}.eml"
    path.write_bytes(bytes(message))
    return {"status": "written to the outbox", "to": to, "file": path.relative_to(PROJECT).as_posix()}
