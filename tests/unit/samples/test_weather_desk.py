"""The tools of the weather desk."""

import email
import email.policy
from datetime import date

import pytest

from tests.unit.samples.conftest import CallTool
from workbench.core.errors import ToolError
from workbench.core.schema import check_arguments
from workbench.store.project import Project

pytestmark = pytest.mark.child_process

SAMPLE = "weather-desk"


async def test_the_weather_of_a_city_fits_the_output_schema(sample: Project, call_tool: CallTool) -> None:
    found = await call_tool("get_weather", city="Tokyo")
    assert (found["city"], found["temperature"], found["condition"]) == ("Tokyo", 16, "partly cloudy")
    tool = sample.toolset.named("get_weather")
    assert tool is not None
    assert tool.output_schema is not None
    assert check_arguments(tool.output_schema, found) == ()


@pytest.mark.parametrize("written", ["london", "London, United Kingdom", " LONDON ", "Londön"])
async def test_a_city_is_found_however_it_is_written(call_tool: CallTool, written: str) -> None:
    assert (await call_tool("get_weather", city=written, unit="fahrenheit"))["temperature"] == 53.6


async def test_an_unknown_city_is_told_with_near_matches(call_tool: CallTool) -> None:
    with pytest.raises(ToolError, match=r"There is no city 'Londn' in the data\. Near matches: London"):
        await call_tool("get_weather", city="Londn")


@pytest.mark.parametrize(
    ("value", "from_unit", "to_unit", "expected"),
    [(72, "fahrenheit", "celsius", 22.22), (0, "celsius", "kelvin", 273.15), (-40, "celsius", "fahrenheit", -40)],
)
async def test_temperatures_are_converted(
    call_tool: CallTool, value: float, from_unit: str, to_unit: str, expected: float
) -> None:
    found = await call_tool("convert_temperature", value=value, from_unit=from_unit, to_unit=to_unit)
    assert found == {"value": expected, "unit": to_unit}


async def test_a_temperature_below_absolute_zero_is_refused(call_tool: CallTool) -> None:
    with pytest.raises(ToolError, match="below absolute zero"):
        await call_tool("convert_temperature", value=-300, from_unit="celsius", to_unit="kelvin")


async def test_arithmetic_is_calculated(call_tool: CallTool) -> None:
    written = {
        "17 * 23 + 4": 395, "15% of 80": 12, "2 ^ 10": 1024, "(3 + 4) × 2 ÷ 7": 2, "0.1 + 0.2": 0.3, "10 - 10": 0,
        "max(3, sqrt(16))": 4, "7 // 2 % 2": 1,
    }  # fmt: skip
    assert {one: (await call_tool("calculate", expression=one))["value"] for one in written} == written


@pytest.mark.parametrize(
    "expression",
    [
        "__import__('os').getcwd()", "().__class__", "'a' * 5", "9 ** 9 ** 9", "1 / 0", "open('x')", "[1, 2]", "x",
        "lambda: 1", "(-8) ** 0.5", "", "1 < 2", "1 << 5", "9 ** -9 ** 9 ** 9", "1e308 * 10 ** 10 ** 10",
        "(" * 300 + ")" * 300, "1 +" * 400,
    ],
)  # fmt: skip
async def test_what_is_not_plain_arithmetic_is_refused_at_once(call_tool: CallTool, expression: str) -> None:
    with pytest.raises(ToolError, match=r"cannot be calculated|is not an|no value|longer than"):
        await call_tool("calculate", expression=expression)


@pytest.mark.parametrize(
    ("place", "zone"),
    [("Tokyo", "Asia/Tokyo"), ("Europe/Oslo", "Europe/Oslo"), ("UTC", "UTC"), ("nyc", "America/New_York")],
)
async def test_the_time_is_told_for_cities_and_zones(call_tool: CallTool, place: str, zone: str) -> None:
    found = await call_tool("current_time", place=place)
    assert found["timezone"] == zone
    assert date.fromisoformat(found["date"]).year >= 2026


@pytest.mark.parametrize("place", ["Atlantis", "Europe/Atlantis", "../../etc/passwd", "/etc/localtime"])
async def test_an_unknown_place_has_no_time(call_tool: CallTool, place: str) -> None:
    with pytest.raises(ToolError, match="There is no"):
        await call_tool("current_time", place=place)


async def test_a_letter_lands_in_the_outbox_of_the_project(sample: Project, call_tool: CallTool) -> None:
    found = await call_tool("send_email", to="ana@example.com", subject="Wetter\nBcc: x@example.com", body="Schön.")
    path = sample.folder / found["file"]
    assert path.parent == sample.folder / ".workbench" / "outbox"
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert (message["To"], message["Subject"], message["Bcc"]) == ("ana@example.com", "Wetter Bcc: x@example.com", None)
    assert message.get_content() == "Schön.\n"


async def test_what_is_no_address_gets_no_letter(sample: Project, call_tool: CallTool) -> None:
    with pytest.raises(ToolError, match="is not an e-mail address"):
        await call_tool("send_email", to="ana", subject="a", body="b")
    assert not (sample.folder / ".workbench" / "outbox").exists()
