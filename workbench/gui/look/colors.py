"""Design tokens: one table of colors per appearance. Every color on the screen comes from here."""

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Tokens:
    """Colors as `#rrggbb`. A test computes that every text/ground pair in `CONTRASTS` meets WCAG AA."""

    name: str
    is_dark: bool
    window: str
    surface: str
    raised: str
    sunken: str
    border: str
    border_strong: str
    disabled: str
    text: str
    muted: str
    accent: str
    accent_hover: str
    on_accent: str
    selection: str
    mark: str
    hover: str
    user_ground: str
    wait_ground: str
    wait_border: str
    error_ground: str
    ok_ground: str
    ok: str
    warn: str
    error: str
    bar_model: str
    bar_tool: str
    bar_group: str
    bar_wait: str
    json_key: str
    json_string: str
    json_number: str
    json_literal: str
    scroll: str
    heat_more_1: str
    heat_more_2: str
    heat_more_3: str
    heat_less_1: str
    heat_less_2: str
    heat_less_3: str

    def color(self, token: str) -> str:
        """The color of this name; an unknown name is a bug and raises."""
        return str(getattr(self, token))


LIGHT = Tokens(
    name="light",
    is_dark=False,
    window="#f4f5f8",
    surface="#ffffff",
    raised="#ffffff",
    sunken="#f4f5f8",
    border="#dfe3ea",
    border_strong="#c3cad6",
    disabled="#a3acba",
    text="#1a1e27",
    muted="#596273",
    accent="#3858d6",
    accent_hover="#2c48b8",
    on_accent="#ffffff",
    selection="#dbe3ff",
    mark="#ffe48a",
    hover="#eceff5",
    user_ground="#eef2ff",
    wait_ground="#fff8e9",
    wait_border="#b8720c",
    error_ground="#fff1f0",
    ok_ground="#e9f7ee",
    ok="#17703a",
    warn="#8f5600",
    error="#bf2a2a",
    bar_model="#4c6ef5",
    bar_tool="#12a67c",
    bar_group="#aab4cb",
    bar_wait="#b06a08",
    json_key="#3451c6",
    json_string="#1b7340",
    json_number="#a14a00",
    json_literal="#8a3ab0",
    scroll="#c3cad6",
    heat_more_1="#fff0e0",
    heat_more_2="#ffdcb8",
    heat_more_3="#ffc285",
    heat_less_1="#e6f0fb",
    heat_less_2="#c9e0f7",
    heat_less_3="#a5cbf0",
)

DARK = Tokens(
    name="dark",
    is_dark=True,
    window="#14161b",
    surface="#191c23",
    raised="#20242d",
    sunken="#14161b",
    border="#2d323d",
    border_strong="#434b5b",
    disabled="#5d6678",
    text="#e7e9ee",
    muted="#a2aab9",
    accent="#8ea3ff",
    accent_hover="#a7b7ff",
    on_accent="#10131c",
    selection="#2d3a6e",
    mark="#665012",
    hover="#262b36",
    user_ground="#222944",
    wait_ground="#2a2417",
    wait_border="#e0a345",
    error_ground="#331c1e",
    ok_ground="#16301f",
    ok="#5fcf7d",
    warn="#f0b45c",
    error="#ff8f88",
    bar_model="#6f8aff",
    bar_tool="#2ec99b",
    bar_group="#566078",
    bar_wait="#e0a345",
    json_key="#9db0ff",
    json_string="#7fd79a",
    json_number="#ffb86b",
    json_literal="#d9a5ff",
    scroll="#434b5b",
    heat_more_1="#33261a",
    heat_more_2="#4d3417",
    heat_more_3="#6b4510",
    heat_less_1="#1b2a3a",
    heat_less_2="#1d3a57",
    heat_less_3="#1f4d7a",
)

CONTRAST_LIGHT = Tokens(
    name="contrast-light",
    is_dark=False,
    window="#ffffff",
    surface="#ffffff",
    raised="#ffffff",
    sunken="#ffffff",
    border="#000000",
    border_strong="#000000",
    disabled="#707070",
    text="#000000",
    muted="#222222",
    accent="#0a2a9c",
    accent_hover="#061c6b",
    on_accent="#ffffff",
    selection="#ffe866",
    mark="#ffd84d",
    hover="#e6e6e6",
    user_ground="#ffffff",
    wait_ground="#ffffff",
    wait_border="#7a3d00",
    error_ground="#ffffff",
    ok_ground="#ffffff",
    ok="#004d1a",
    warn="#5c3300",
    error="#8a0000",
    bar_model="#0a2a9c",
    bar_tool="#00563a",
    bar_group="#444444",
    bar_wait="#7a3d00",
    json_key="#0a2a9c",
    json_string="#004d1a",
    json_number="#6b2d00",
    json_literal="#5a0d80",
    scroll="#000000",
    heat_more_1="#ffe9d1",
    heat_more_2="#ffd3a3",
    heat_more_3="#ffb866",
    heat_less_1="#dcecff",
    heat_less_2="#b5d6ff",
    heat_less_3="#8cc0ff",
)

CONTRAST_DARK = Tokens(
    name="contrast-dark",
    is_dark=True,
    window="#000000",
    surface="#000000",
    raised="#000000",
    sunken="#000000",
    border="#ffffff",
    border_strong="#ffffff",
    disabled="#949494",
    text="#ffffff",
    muted="#e6e6e6",
    accent="#9db8ff",
    accent_hover="#c4d4ff",
    on_accent="#000000",
    selection="#003a8c",
    mark="#6b4e00",
    hover="#262626",
    user_ground="#000000",
    wait_ground="#000000",
    wait_border="#ffc247",
    error_ground="#000000",
    ok_ground="#000000",
    ok="#7dffa1",
    warn="#ffd27a",
    error="#ffb3ae",
    bar_model="#9db8ff",
    bar_tool="#5effc6",
    bar_group="#bbbbbb",
    bar_wait="#ffc247",
    json_key="#c4d4ff",
    json_string="#a5ffbf",
    json_number="#ffd27a",
    json_literal="#ecc8ff",
    scroll="#ffffff",
    heat_more_1="#33261a",
    heat_more_2="#4d3417",
    heat_more_3="#6b4510",
    heat_less_1="#1b2a3a",
    heat_less_2="#1d3a57",
    heat_less_3="#1f4d7a",
)

APPEARANCES = (LIGHT, DARK, CONTRAST_LIGHT, CONTRAST_DARK)

CONTRASTS: tuple[tuple[str, str, float], ...] = (
    *((text, ground, 4.5) for text in ("text", "muted") for ground in ("window", "surface", "raised", "sunken")),
    *((text, ground, 4.5) for text in ("text", "muted") for ground in ("user_ground", "wait_ground", "error_ground")),
    ("text", "ok_ground", 4.5),
    ("ok", "ok_ground", 4.5),
    *(("text", ground, 4.5) for ground in ("selection", "hover")),
    ("text", "mark", 4.5),
    ("muted", "hover", 4.5),
    ("muted", "selection", 4.5),
    ("accent", "surface", 4.5),
    ("accent", "window", 4.5),
    ("on_accent", "accent", 4.5),
    ("on_accent", "accent_hover", 4.5),
    *((tone, ground, 4.5) for tone in ("ok", "warn", "error") for ground in ("window", "surface", "raised")),
    *((tone, "selection", 4.5) for tone in ("ok", "warn", "error")),
    ("warn", "wait_ground", 4.5),
    ("error", "error_ground", 4.5),
    ("error", "wait_ground", 4.5),
    *(
        (json, ground, 4.5)
        for json in ("json_key", "json_string", "json_number", "json_literal")
        for ground in ("surface", "sunken")
    ),
    *(("text", f"heat_{kind}_{step}", 4.5) for kind in ("more", "less") for step in (1, 2, 3)),
    *((bar, "surface", 3.0) for bar in ("bar_model", "bar_tool", "bar_wait", "wait_border")),
    *((bar, "selection", 3.0) for bar in ("bar_model", "bar_wait")),
)
"""Pairs that meet on the screen, with the ratio they need: 4.5 for text, 3 for shapes."""


def color_names() -> tuple[str, ...]:
    """The names of all color tokens."""
    return tuple(field.name for field in fields(Tokens) if field.name not in ("name", "is_dark"))
