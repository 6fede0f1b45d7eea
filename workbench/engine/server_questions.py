"""What a tool's server asks in the middle of a call: recorded, put to a person, checked, and recorded again."""

import asyncio
from itertools import count

import msgspec

from workbench.core.errors import WorkbenchError
from workbench.core.event import ServerAnswered, ServerAsked, ToolCallProposed
from workbench.core.exchange import Usage
from workbench.core.form_schema import form_problems
from workbench.core.server_question import (
    NOBODY,
    Asked,
    FormAsked,
    ModelAsked,
    Reply,
    ServerQuestion,
    question_hash,
)
from workbench.engine.model_answer import model_answer
from workbench.engine.ports import Answerer, Approver, Provider
from workbench.engine.recorder import Recorder
from workbench.engine.setup import RunSetup

_EXPIRED = Reply("cancel", by="clock", note="nobody answered in time")


class ServerQuestions:
    """The questions of one run. Where the run's approver is no `Answerer`, nobody is there, and all are declined."""

    def __init__(self, setup: RunSetup, recorder: Recorder, approver: Approver, provider: Provider | None) -> None:
        """`provider` gives the answers of the model that a person has approved; without one there are none."""
        self._setup = setup
        self._recorder = recorder
        self._approver = approver
        self._provider = provider
        self._answering = asyncio.Lock()

    async def put(self, call: ToolCallProposed, server: str, asked: Asked) -> Reply:
        """The reply to a question of this call's server. Cancelling withdraws it."""
        question_id = self._free_id(call)
        shown = question_hash(f"{call.call_id} {question_id}", server, asked)
        self._recorder.add(
            ServerAsked(
                **self._recorder.stamp(call.span),
                call_id=call.call_id,
                question_id=question_id,
                server=server,
                asked=asked,
                shown_hash=shown,
            )
        )
        question = ServerQuestion(question_id, call.call_id, call.tool, server, asked, shown)
        reply = await self._reply(question)
        if reply.action != "accept" or not isinstance(asked, ModelAsked) or reply.content is not None:
            return self._record(call, question_id, reply)
        replied_at = self._recorder.clock.now()
        async with self._answering:  # each answer counts before the next one is allowed
            return self._record(call, question_id, await self._ask_model(question, asked, reply), replied_at)

    def _record(self, call: ToolCallProposed, question_id: str, reply: Reply, replied_at: float | None = None) -> Reply:
        self._recorder.add(
            ServerAnswered(
                **self._recorder.stamp(call.span),
                call_id=call.call_id,
                question_id=question_id,
                action=reply.action,
                by=reply.by,
                content=reply.content,
                note=reply.note,
                usage=reply.usage,
                replied_at=replied_at,
            )
        )
        return reply

    def _free_id(self, call: ToolCallProposed) -> str:
        span = self._recorder.trace.call(call.call_id)
        taken = {each.asked.question_id for each in span.questions} if span is not None else set()
        return next(name for number in count(1) if (name := f"question-{number}") not in taken)

    async def _reply(self, question: ServerQuestion) -> Reply:
        asked = question.asked
        if isinstance(asked, ModelAsked) and (why := self._used_up(question.server, asked)):
            return Reply("decline", by="limit", note=why)
        if not isinstance(self._approver, Answerer):
            return NOBODY
        reply = await self._in_time(question, self._approver)
        if isinstance(asked, ModelAsked):
            return reply
        if reply.action != "accept" or not isinstance(asked, FormAsked):
            return msgspec.structs.replace(reply, content=None)
        problems = form_problems(asked.schema, reply.content or {})
        if problems:
            note = f"the values do not fit the form: {'; '.join(map(str, problems[:3]))}"
            return Reply("cancel", by=reply.by, note=note)
        return msgspec.structs.replace(reply, content=reply.content or {})

    async def _in_time(self, question: ServerQuestion, answerer: Answerer) -> Reply:
        patience = self._setup.limits.approval_seconds
        if patience is None:
            return await answerer.reply(question)
        asking = asyncio.create_task(answerer.reply(question), name=f"{question.question_id} of {question.call_id}")
        timer = asyncio.create_task(self._recorder.clock.sleep(patience), name="time to answer")
        try:
            await asyncio.wait((asking, timer), return_when=asyncio.FIRST_COMPLETED)
            return asking.result() if asking.done() else _EXPIRED
        finally:
            for task in (asking, timer):
                task.cancel()
            await asyncio.gather(asking, timer, return_exceptions=True)

    def _used_up(self, server: str, asked: ModelAsked) -> str:
        """Why the server may have no further answer of the model in this run; empty when it may."""
        answers = tokens = 0
        for call in self._recorder.trace.calls():
            for each in call.questions:
                if each.asked.server == server and each.answered is not None and each.answered.usage is not None:
                    answers += 1
                    tokens += each.answered.usage.output_tokens
        if answers >= asked.most_answers:
            return f"this server may have {asked.most_answers} answers of the model in a run, and has had them"
        if tokens + asked.max_tokens > asked.most_tokens:
            return (
                f"this server may use {asked.most_tokens:,} tokens of answers in a run; it has used {tokens:,}, "
                f"and asked for up to {asked.max_tokens:,}"
            )
        return ""

    async def _ask_model(self, question: ServerQuestion, asked: ModelAsked, reply: Reply) -> Reply:
        if why := self._used_up(question.server, asked):
            return Reply("decline", by="limit", note=why)
        if self._provider is None:
            return Reply("decline", by="workbench", note="this run has no model that could answer")
        try:
            content, usage = await model_answer(self._provider, self._setup, asked)
        except WorkbenchError as failure:
            return Reply("cancel", by="workbench", note=failure.message, usage=Usage())
        except TimeoutError:
            return Reply("cancel", by="workbench", note="the model did not answer in time", usage=Usage())
        return msgspec.structs.replace(reply, content=content, usage=usage)
