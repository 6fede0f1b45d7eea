"""The names of OpenTelemetry's conventions for generative AI, in the one revision that is written here, and our own.

Source: semantic-conventions-genai v0.1.0. All of it is "Development" there, so names may change: this file is the only
place that spells them.
"""

from workbench.core.exchange import StopReason

REVISION = "semantic-conventions-genai 0.1.0"
SCOPE = "tool-calling-workbench"

OPERATION = "gen_ai.operation.name"
CHAT = "chat"
EXECUTE_TOOL = "execute_tool"
INVOKE_AGENT = "invoke_agent"

PROVIDER = "gen_ai.provider.name"
AGENT_NAME = "gen_ai.agent.name"
CONVERSATION_ID = "gen_ai.conversation.id"
REQUEST_MODEL = "gen_ai.request.model"
REQUEST_STREAM = "gen_ai.request.stream"
REQUEST_PARAMETERS = {
    "temperature": "gen_ai.request.temperature",
    "top_p": "gen_ai.request.top_p",
    "seed": "gen_ai.request.seed",
    "max_output_tokens": "gen_ai.request.max_tokens",
    "reasoning_effort": "gen_ai.request.reasoning.level",
}
"""Our name of a sampling parameter → the conventions' one."""
RESPONSE_ID = "gen_ai.response.id"
RESPONSE_MODEL = "gen_ai.response.model"
FINISH_REASONS = "gen_ai.response.finish_reasons"
FIRST_CHUNK = "gen_ai.response.time_to_first_chunk"
"""Seconds."""
INPUT_TOKENS = "gen_ai.usage.input_tokens"
"""The whole input, what came from the cache included."""
OUTPUT_TOKENS = "gen_ai.usage.output_tokens"
CACHE_READ_TOKENS = "gen_ai.usage.cache_read.input_tokens"
CACHE_WRITE_TOKENS = "gen_ai.usage.cache_write.input_tokens"
REASONING_TOKENS = "gen_ai.usage.reasoning.output_tokens"
USAGE = {
    "input_tokens": INPUT_TOKENS,
    "output_tokens": OUTPUT_TOKENS,
    "cached_tokens": CACHE_READ_TOKENS,
    "cache_write_tokens": CACHE_WRITE_TOKENS,
    "reasoning_tokens": REASONING_TOKENS,
}
"""Our name of a count of tokens → the conventions' one."""
ERROR_TYPE = "error.type"

TOOL_NAME = "gen_ai.tool.name"
TOOL_CALL_ID = "gen_ai.tool.call.id"
TOOL_TYPE = "gen_ai.tool.type"
MCP_METHOD = "mcp.method.name"

# Content: only where it was asked for.
INSTRUCTIONS = "gen_ai.system_instructions"
INPUT_MESSAGES = "gen_ai.input.messages"
OUTPUT_MESSAGES = "gen_ai.output.messages"
TOOL_DEFINITIONS = "gen_ai.tool.definitions"
TOOL_ARGUMENTS = "gen_ai.tool.call.arguments"
TOOL_RESULT = "gen_ai.tool.call.result"

EVALUATION = "gen_ai.evaluation.result"
EVALUATION_NAME = "gen_ai.evaluation.name"
EVALUATION_SCORE = "gen_ai.evaluation.score.value"
EVALUATION_LABEL = "gen_ai.evaluation.score.label"
EVALUATION_WHY = "gen_ai.evaluation.explanation"

# What has no convention.
RUN_ID = "workbench.run.id"
RUN_OUTCOME = "workbench.run.outcome"
RUN_ENDED_BY = "workbench.run.ended_by"
RUN_WAITING = "workbench.run.waiting_s"
"""Seconds in which nothing happened but waiting for a person."""
RUN_VARIANT = "workbench.run.variant"
RUN_PARENT = "workbench.run.parent"
RUN_FORK = "workbench.run.fork_point"
"""The number of the event of the parent that a fork begins after; a run that goes on has none."""
PLACE = "workbench.span"
"""The place in the run, such as `turn-1/round-2/call-1`; empty for the run itself."""
WIRE = "workbench.request.wire"
"""The format of the vendor that was spoken."""
ATTEMPT = "workbench.request.attempt"
OFFERED = "workbench.request.offered"
"""The names of the tools that were offered."""
CALL_OUTCOME = "workbench.call.outcome"
"""`mocked` and `replayed` among them."""
CALL_IS_ERROR = "workbench.call.is_error"
CALL_ATTACHMENTS = "workbench.call.attachments"
"""How many pictures and files a tool returned beside its text; they are not in the trace."""
"""Set where the model was told of an error, such as a refusal of the person."""
CALL_EXECUTOR = "workbench.call.executor"
CALL_SERVER = "workbench.call.mcp_server"
APPROVAL = "workbench.approval.decision"
APPROVED_BY = "workbench.approval.by"
APPROVAL_RULE = "workbench.approval.rule"
APPROVAL_WAIT = "workbench.approval.wait_s"
SUITE = "workbench.suite"
SUITE_RUN = "workbench.suite.run"
SUITE_CASE = "workbench.suite.case"
SUITE_ARM = "workbench.suite.arm"

FINISH: dict[StopReason, str] = {
    "answered": "stop",
    "tool_calls": "tool_call",
    "length": "length",
    "filtered": "content_filter",
    "refused": "content_filter",
    "paused": "compaction",
}
"""Our reason why a response ended → the conventions' one; others keep what the vendor wrote."""
