"""The commands of the program, each with its line in the help. Any other first word names a project folder.

What a command takes and does is in the module of the same name, which is imported when the command is used. This file
is loaded at every start.
"""

COMMANDS = {
    "new": "create a project folder",
    "run": "run one prompt with the project's tools",
    "runs": "list the runs of a project",
    "show": "show a recorded run; nothing is executed",
    "lint": "find what is wrong, vague or risky in tool descriptions and schemas",
    "weigh": "count the tokens that each tool, field and enum adds to every request",
    "export": "export tools in a vendor's format",
    "verify": "check the evidence of an export: what was tested, and whether it still holds",
    "signer": "make keys to sign evidence with, and choose whose signatures are accepted",
    "import": "import tools: OpenAPI, curl, HAR, Postman, Bruno, other formats, or Python; nothing is run",
    "import-python": "import tools from the @tool functions of a module in python/",
    "mcp": "list, approve, sign in to, and import a project's MCP servers",
    "mock": "mock tools with the results of a recorded run",
    "policy": "show what would happen to a call: allow, ask, or deny",
    "grants": "list or revoke permissions you granted for a project",
    "replay": "play back a recorded run, rerun it over its recording, or fork it",
    "compare": "compare recorded runs, round by round and call by call",
    "ablate": "find out what made the model choose: leave things out, one by one",
    "overlaps": "find tool descriptions similar to each other or to a request",
    "route": "show which tools a request would be offered, and why",
    "suite": "show whether a change helped: cases, variants, models, statistics",
    "serve": "offer the tools to other programs over HTTP and MCP",
    "otel": "send recorded runs to OpenTelemetry: a collector or a file",
    "marks": "list decisions marked as wrong",
    "variants": "list variants, show what one changes, create or promote one",
    "doctor": "check what this machine has and what is missing",
}
