"""Where the grounds of rules are written down, by the names of their authors."""

ANTHROPIC_ARTICLE = "Anthropic, “Writing effective tools for agents”"
ANTHROPIC_GUIDE = "Anthropic, “How to implement tool use”, best practices for tool definitions"
JSON_SCHEMA = "JSON Schema Validation 2020-12"
OPENAI_GUIDE = "OpenAI, “Function calling”, best practices for defining functions"
POISONING = "Invariant Labs, “MCP Security Notification: Tool Poisoning Attacks” (2025)"
