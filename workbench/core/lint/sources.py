"""Where the grounds of rules are written down, by the names of their authors, and what studies measured."""

from workbench.core.lint.rule import Study

ANTHROPIC_ARTICLE = "Anthropic, “Writing effective tools for agents”"
ANTHROPIC_GUIDE = "Anthropic, “How to implement tool use”, best practices for tool definitions"
JSON_SCHEMA = "JSON Schema Validation 2020-12"
OPENAI_GUIDE = "OpenAI, “Function calling”, best practices for defining functions"
POISONING = "Invariant Labs, “MCP Security Notification: Tool Poisoning Attacks” (2025)"

UNCLEAR_DESCRIPTIONS = Study(
    "Hasan and others, “Model Context Protocol Tool Descriptions Are Smelly!” (2026, arXiv 2602.14878)",
    "complete descriptions raised task success by 5.85 points (median), with 67 % more steps; 16.67 % of cases got "
    "worse",
    "856 tools of 103 servers, 56 % of them with an unclear purpose",
    "several models on MCP-Universe",
)
FRAGILE_CHOICE = Study(
    "Faghih and others, “Gaming Tool Preferences in Agentic LLMs” (2025, arXiv 2505.18135)",
    "of two equal tools, the one whose text told the model to use it was used 81.8 % of the time, the other 7.3 %",
    "pairs of tools from the Berkeley leaderboard",
    "GPT-4.1, Qwen2.5-7B and 8 more",
)
RELATED_TOOLS = Study(
    "Rabinovich and Anaby-Tavor, “On the Robustness of Agentic Function Calling” (2025, arXiv 2504.00914)",
    "adding tools that are related to the right one made every model's calls worse",
    "an extended part of the Berkeley leaderboard",
    "the best function-calling models of early 2025",
)
MANY_TOOLS = (
    Study(
        "Kate and others, “LongFuncEval” (2025, arXiv 2505.10570)",
        "results fell by 7 to 85 % as the number of tools grew",
        "extended public benchmarks",
        "several long-context models",
    ),
    Study(
        "Gan and Sun, “RAG-MCP” (2025, arXiv 2505.03275)",
        "offering only retrieved tools raised right choices from 13.62 to 43.13 %, with half the tokens",
        "an MCP stress test",
        "Qwen-max",
    ),
)
POISONED_TOOLS = Study(
    "Wang and others, “MCPTox” (2025)",
    "hidden instructions in tool texts were obeyed in 36.5 % of attempts on average, at most in 72.8 % (o1-mini)",
    "1,312 cases with 353 tools of 45 servers",
    "20 agents",
)
INVENTED_ARGUMENTS = Study(
    "Ross and others, “When2Call” (2025, arXiv 2504.18851)",
    "models often call a tool although the request lacks what it requires, instead of asking",
    "a benchmark of when not to call",
    "tool-calling models of 2025",
)
