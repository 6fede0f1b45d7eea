"""May this call run? The rules come first, then the person's grants, then the person."""

from typing import assert_never

import msgspec

from workbench.core.approval import DECISIONS, Approval, Decision, ModelSees, Question, Rule, Wanted, shown_hash
from workbench.core.errors import MalformedJson
from workbench.core.event import ToolCallProposed
from workbench.core.grant import CallIdentity, Grant, GrantRequest
from workbench.core.json_text import JsonObject, canonical, parse_strict_object
from workbench.core.routing.search_tool import SEARCH_TOOL
from workbench.core.tool import Tool
from workbench.engine.asking import answer_to
from workbench.engine.call_recorder import CallRecorder
from workbench.engine.call_services import CallServices
from workbench.engine.examiner import Examiner, FitArguments
from workbench.engine.ports import Executor, Registry
from workbench.engine.recorder import Recorder
from workbench.engine.results import error_text, rejected_text
from workbench.engine.rule_choice import rule_for
from workbench.engine.setup import RunSetup

REJECTED_BEFORE = "You rejected the same call before in this run."
CHANGED_SINCE = "What this call would run has changed since it was decided."


class RunStopped(Exception):
    """A decision ended the whole run; `note` is the person's reason."""

    def __init__(self, note: str) -> None:
        super().__init__(note)
        self.note = note


class Cleared(msgspec.Struct, frozen=True):
    """A call that may be started: exactly these arguments, in exactly this way, because of `approval`."""

    identity: CallIdentity
    fit: FitArguments
    executor: Executor
    approval: Approval
    request: GrantRequest | None = None
    edit: ModelSees | None = None
    """Set when a person changed the arguments: what the model is to see of that."""


class Decider:
    """Finds the decision about one call at a time."""

    def __init__(
        self,
        setup: RunSetup,
        recorder: Recorder,
        call_recorder: CallRecorder,
        examiner: Examiner,
        services: CallServices,
    ) -> None:
        self._setup = setup
        self._recorder = recorder
        self._call_recorder = call_recorder
        self._examiner = examiner
        self._checker = services.checker
        self._executors = services.executors
        self._approver = services.approver
        self._grants = services.grants
        self._registry = services.registry

    async def decide(
        self, call: ToolCallProposed, tool: Tool, fit: FitArguments, *, remarks: tuple[str, ...] = ()
    ) -> Cleared | None:
        """What may run, or None when the decision settled the call. Raises `RunStopped` after settling."""
        executor = self._executors.executor_for(tool)
        identity = await self._identity(tool, fit.arguments, executor)
        rule = await rule_for(self._setup.policy, tool, fit.arguments, identity.server, self._checker)
        plan = self._setup.routing
        if rule.action == "ask" and tool == SEARCH_TOOL and plan is not None and plan.simulates_search:
            rule = Rule(tool.name, "allow")  # it reads what is known here, and nobody has to be asked
        if rule.action == "deny":
            self._call_recorder.given(call, Decision("reject", by="policy"), str(rule))
            text = rejected_text(f"the rule “{rule}” forbids it.")
            self._call_recorder.settle(call, "rejected", text, error_kind="rejected")
            return None
        if executor is None:
            return await self._ask(call, identity, fit, rule, None, remarks)
        if rule.action == "allow":
            return self._decide_by_rule(call, identity, fit, executor, by="policy", rule=str(rule))
        grant = self._grants.covering(identity) if self._grants is not None else None
        if grant is not None:
            return self._decide_by_rule(call, identity, fit, executor, rule=str(rule), grant=grant)
        return await self._ask(call, identity, fit, rule, executor, remarks)

    async def still_holds(self, call: ToolCallProposed, cleared: Cleared) -> bool:
        """Whether what would start now is what was decided about, and its grant, if there is one, still holds."""
        now = await self._identity(cleared.identity.tool, cleared.identity.arguments, cleared.executor)
        if _mark(call, now, cleared.fit.text) != cleared.approval.runs_hash:
            return False
        if not cleared.approval.grant_id or self._grants is None:
            return True
        grant = self._grants.covering(now)
        return grant is not None and grant.grant_id == cleared.approval.grant_id

    async def _identity(self, tool: Tool, arguments: JsonObject, executor: Executor | None) -> CallIdentity:
        return await identity_of(tool, arguments, executor, self._registry)

    def _decide_by_rule(
        self,
        call: ToolCallProposed,
        identity: CallIdentity,
        fit: FitArguments,
        executor: Executor,
        *,
        rule: str,
        by: str = "",
        grant: Grant | None = None,
    ) -> Cleared:
        mark = _mark(call, identity, fit.text)
        by, note = (f"grant {grant.grant_id}", str(grant)) if grant is not None else (by, "")
        given = self._call_recorder.given(call, Decision("approve", by=by, note=note), rule, mark)
        grant_id = grant.grant_id if grant is not None else ""
        approval = Approval(call.call_id, mark, mark, "approve", by, given.at, was_asked=False, grant_id=grant_id)
        return Cleared(identity, fit, executor, approval)

    async def _ask(
        self,
        call: ToolCallProposed,
        identity: CallIdentity,
        fit: FitArguments,
        rule: Rule,
        executor: Executor | None,
        remarks: tuple[str, ...],
    ) -> Cleared | None:
        wants: Wanted = "decision" if executor is not None else "result"
        shown = fit
        edit: ModelSees | None = None
        if self._was_rejected(call, fit.arguments):
            remarks = (*remarks, REJECTED_BEFORE)
        while True:
            mark = _mark(call, identity, shown.text)
            patience = self._setup.limits.approval_seconds
            question = Question(
                call.call_id,
                identity.tool,
                shown.text,
                str(rule),
                wants,
                mark,
                shown.problems,
                expires_at=None if patience is None else self._recorder.now() + patience,
                remarks=remarks,
                changes=shown.changes,
            )
            self._call_recorder.record_question(call, question)
            decision = await answer_to(
                question,
                self._approver,
                self._recorder.clock,
                on_more_time=lambda longer: self._call_recorder.record_question(call, longer),
            )
            if decision.kind not in DECISIONS:
                decision = Decision("reject", decision.by, decision.note or _why_no(executor is not None))
            given = self._call_recorder.given(call, decision, str(rule), mark)
            approval = Approval(call.call_id, mark, mark, decision.kind, decision.by, given.at)
            match decision.kind:
                case "approve" if executor is not None and not shown.problems:
                    return Cleared(identity, shown, executor, approval, decision.grant, edit)
                case "edit" if executor is not None:
                    text = decision.arguments_json if decision.arguments_json is not None else shown.text
                    shown, edit = await self._examiner.examine(text, identity.tool), decision.model_sees
                    identity = msgspec.structs.replace(identity, arguments=shown.arguments)
                    if not shown.problems and not shown.changes:
                        # The hash that runs is the hash of the edited text the person has just confirmed.
                        approval = msgspec.structs.replace(approval, runs_hash=_mark(call, identity, shown.text))
                        return Cleared(identity, shown, executor, approval, decision.grant, edit)
                case "approve" | "edit" | "reject" | "mock" | "stop" | "expire":
                    self._settle_by(call, decision, can_run=executor is not None)
                    return None
                case _:
                    assert_never(decision.kind)

    def _settle_by(self, call: ToolCallProposed, decision: Decision, *, can_run: bool) -> None:
        settle = self._call_recorder.settle
        match decision.kind:
            case "mock":
                settle(call, "mocked", decision.result_text or "", is_error=decision.is_error)
            case "expire" if not can_run:
                text = error_text("no_executor", "Nothing runs this tool yet, and nobody was there to give its result.")
                settle(call, "error", text, error_kind="no_executor")
            case "expire":
                text = error_text("expired", "Nobody decided in time. This call did not run.")
                settle(call, "expired", text, error_kind="expired")
            case "stop":
                settle(call, "rejected", rejected_text(decision.note), error_kind="rejected")
                raise RunStopped(decision.note)
            case "approve" | "edit" | "reject":
                # An approval where nothing could run counts as a no.
                note = decision.note or (_why_no(can_run) if decision.kind != "reject" else "")
                settle(call, "rejected", rejected_text(note), error_kind="rejected")
            case _:
                assert_never(decision.kind)

    def _was_rejected(self, call: ToolCallProposed, arguments: JsonObject) -> bool:
        """Whether a person has said no to the same tool with the same arguments in this run."""
        wanted = canonical(arguments)
        return any(
            other.call_id != call.call_id
            and other.tool == call.tool
            and other.outcome == "rejected"
            and other.asked is not None
            and _meaning(other.arguments_json) == wanted
            for other in self._recorder.trace.calls()
        )


async def identity_of(
    tool: Tool, arguments: JsonObject, executor: Executor | None, registry: Registry | None
) -> CallIdentity:
    """What a call of this tool is at this moment: what a decision is about and what a grant is bound to."""
    fingerprint = await registry.fingerprint(tool) if registry is not None else ""
    # `Fingerprinted` and `FromServer`: this is asked about every call several times, and protocol checks are slow.
    own: str | None = getattr(executor, "fingerprint", None)
    if own is not None:
        fingerprint = f"{fingerprint} {own}"
    server: str = getattr(executor, "server", "")
    return CallIdentity(tool, arguments, executor.name if executor is not None else "", fingerprint, server)


def _why_no(can_run: bool) -> str:
    return "this decision does not let the call run" if can_run else "no executor runs this tool"


def _mark(call: ToolCallProposed, identity: CallIdentity, arguments_json: str) -> str:
    return shown_hash(call.call_id, identity.tool, identity.executor, arguments_json, identity.fingerprint)


def _meaning(arguments_json: str) -> str:
    try:
        return canonical(parse_strict_object(arguments_json or "{}"))
    except MalformedJson:
        return ""
