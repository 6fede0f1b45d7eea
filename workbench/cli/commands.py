"""The commands of the program, each with its line in the help. Any other first word names a project folder.

What a command takes and does is in the module of the same name, which is imported when the command is used. This file
is loaded at every start.
"""

COMMANDS = {
    "new": "make a project folder",
    "run": "run one prompt with the project's tools",
    "runs": "list the runs of a project",
    "show": "show a recorded run; nothing is executed",
    "export": "write the tools in a vendor's shape",
    "import-python": "make tools from the @tool functions of a module in python/",
    "mcp": "list, approve and import the MCP servers of a project",
    "mock": "answer tools as they were answered in a recorded run",
    "policy": "say what would happen to a call: allowed, asked about, or denied",
    "grants": "list what you have allowed for a project, or end it",
    "replay": "play a recorded run back, run it again over its recording, or fork it",
    "compare": "compare recorded runs, round by round and call by call",
    "ablate": "try what made the model choose that: leave things out, one by one",
    "overlaps": "which tool descriptions look alike, and like a request",
    "marks": "list the decisions that were marked as wrong",
    "variants": "list variants, show what one changes, or promote it",
    "doctor": "say what this machine has and what is missing",
}
