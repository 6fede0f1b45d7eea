"""Puts on record what happens to a call between its proposal and its end. A call is settled exactly once."""

from workbench.core.approval import Decision, Question
from workbench.core.event import (
    ApprovalAsked,
    ApprovalGiven,
    CallOutcome,
    ToolCallChecked,
    ToolCallProposed,
    ToolCallSettled,
    ToolStarted,
)
from workbench.core.problem import Problem
from workbench.engine.recorder import Recorder
from workbench.engine.results import clip_result, error_text
from workbench.engine.setup import RunSetup


class Settler:
    """Writes the events of one run's calls."""

    def __init__(self, setup: RunSetup, recorder: Recorder) -> None:
        self._setup = setup
        self._recorder = recorder

    def checked(self, call: ToolCallProposed, *, is_known: bool = True, problems: tuple[Problem, ...] = ()) -> None:
        """The check is over."""
        self._recorder.add(
            ToolCallChecked(
                **self._recorder.stamp(call.span), call_id=call.call_id, is_known=is_known, problems=problems
            )
        )

    def asked(self, call: ToolCallProposed, question: Question) -> None:
        """The person is asked, or is given more time."""
        self._recorder.add(
            ApprovalAsked(
                **self._recorder.stamp(call.span),
                call_id=call.call_id,
                rule=question.rule,
                wants=question.wants,
                shown_hash=question.shown_hash,
                expires_at=question.expires_at,
                remarks=question.remarks,
            )
        )

    def given(self, call: ToolCallProposed, decision: Decision, rule: str, mark: str = "") -> ApprovalGiven:
        """There is a decision about the call."""
        wish = decision.grant
        return self._recorder.add(
            ApprovalGiven(
                **self._recorder.stamp(call.span),
                call_id=call.call_id,
                decision=decision.kind,
                by=decision.by,
                rule=rule,
                note=decision.note,
                arguments_json=decision.arguments_json,
                shown_hash=mark,
                grant="" if wish is None or wish.scope == "once" else f"{wish.scope}: {wish.binds}",
                model_sees=decision.model_sees,
            )
        )

    def started(self, call: ToolCallProposed, executor: str, arguments_json: str) -> ToolStarted:
        """An executor is about to take the call."""
        return self._recorder.add(
            ToolStarted(
                **self._recorder.stamp(call.span),
                call_id=call.call_id,
                executor=executor,
                arguments_json=arguments_json,
            )
        )

    def settle(
        self,
        call: ToolCallProposed,
        outcome: CallOutcome,
        text: str,
        *,
        is_error: bool = True,
        error_kind: str = "",
        started: ToolStarted | None = None,
        output: str = "",
        remark: str = "",
    ) -> None:
        """The end of the call. `remark` is for the model, and is never clipped away."""
        clipped = clip_result(text, max_chars=self._setup.limits.result_chars)
        told = f"{clipped.text}\n\n[{remark}]" if remark else clipped.text
        self._recorder.add(
            ToolCallSettled(
                **self._recorder.stamp(call.span),
                call_id=call.call_id,
                outcome=outcome,
                result_text=told,
                is_error=is_error,
                duration_ms=(self._recorder.now() - started.at) * 1000 if started else 0.0,
                error_kind=error_kind,
                clipped_chars=clipped.cut_chars,
                full_text=text if told != text else None,
                output=output,
            )
        )

    def settle_as_cancelled(self, call: ToolCallProposed, reason: str) -> None:
        """Close a call that will not be continued: `unknown` once it has started, `cancelled` before."""
        span = self._recorder.trace.call(call.call_id)
        if span is None or span.settled is not None:
            return
        if span.started is not None:
            self.settle(
                call,
                "unknown",
                error_text("interrupted", f"{reason} This call had started; whether it took effect is unknown."),
                error_kind="interrupted",
            )
        else:
            self.settle(call, "cancelled", error_text("cancelled", f"{reason} This call did not run."))
