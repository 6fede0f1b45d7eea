"""The words that are commands of the program; any other first word names a project folder. Loaded at every start."""

COMMAND_NAMES = frozenset(
    {"new", "run", "runs", "show", "export", "import-python", "mcp", "mock", "policy", "grants", "doctor"}
    | {"replay", "compare", "ablate", "variants", "overlaps", "marks"}
)
