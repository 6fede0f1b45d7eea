"""Records what happens to a call between its proposal and its end. A call is settled exactly once."""

from workbench.core.approval import Decision, Question
from workbench.core.event import (
    BY_TOOL,
    ApprovalAsked,
    ApprovalGiven,
    CallOutcome,
    NoteAdded,
    ToolCallChecked,
    ToolCallProposed,
    ToolCallSettled,
    ToolStarted,
)
from workbench.core.message import Attachment
from workbench.core.problem import Problem
from workbench.engine.examiner import FitArguments
from workbench.engine.recorder import Recorder
from workbench.engine.results import CallFailure, clip_result, error_text
from workbench.engine.setup import RunSetup


class CallRecorder:
    """Writes the events of one run's calls."""

    def __init__(self, setup: RunSetup, recorder: Recorder) -> None:
        self._setup = setup
        self._recorder = recorder

    def record_checked(self, call: ToolCallProposed, fit: FitArguments | None) -> None:
        """The check is over; without `fit` it ended before the arguments, because there is no such tool."""
        is_known, fit = fit is not None, fit or FitArguments({}, "")
        self._recorder.add(
            ToolCallChecked(
                **self._recorder.stamp(call.span),
                call_id=call.call_id,
                is_known=is_known,
                problems=fit.problems,
                changes=fit.changes,
                arguments_json=fit.text if fit.changes else None,
            )
        )

    def record_note(self, call: ToolCallProposed, text: str) -> None:
        """A note by the program on what it does about the call."""
        self._recorder.add(
            NoteAdded(**self._recorder.stamp(call.span), text=text, by="workbench", call_id=call.call_id)
        )

    def record_report(self, call: ToolCallProposed, text: str) -> None:
        """A progress report of the running call; one that comes after its end is ignored."""
        span = self._recorder.trace.call(call.call_id)
        if span is not None and span.started is not None and span.settled is None:
            self._recorder.add(
                NoteAdded(**self._recorder.stamp(call.span), text=text, by=BY_TOOL, call_id=call.call_id)
            )

    def record_question(self, call: ToolCallProposed, question: Question) -> None:
        """Record that the person is asked, or gets more time."""
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
        """Record the decision about the call."""
        request = decision.grant
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
                grant="" if request is None or request.scope == "once" else f"{request.scope}: {request.binds}",
                model_sees=decision.model_sees,
            )
        )

    def record_start(self, call: ToolCallProposed, executor: str, arguments_json: str) -> ToolStarted:
        """Record that an executor is about to start the call."""
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
        whole: str | None = None,
        result_problems: tuple[Problem, ...] = (),
        attempts: int = 1,
        attachments: tuple[Attachment, ...] = (),
    ) -> None:
        """Record the end of the call. `remark` is for the model, and is never clipped; `whole` is what `text`
        replaces."""
        clipped = clip_result(text, max_chars=self._setup.limits.result_chars)
        whole = text if whole is None else whole
        for_model = f"{clipped.text}\n\n[{remark}]" if remark else clipped.text
        self._recorder.add(
            ToolCallSettled(
                **self._recorder.stamp(call.span),
                call_id=call.call_id,
                outcome=outcome,
                result_text=for_model,
                is_error=is_error,
                duration_ms=(self._recorder.now() - started.at) * 1000 if started else 0.0,
                error_kind=error_kind,
                clipped_chars=clipped.cut_chars,
                full_text=whole if for_model != whole else None,
                output=output,
                result_problems=result_problems,
                attempts=attempts,
                attachments=attachments,
            )
        )

    def fail(
        self,
        call: ToolCallProposed,
        failure: CallFailure,
        outcome: CallOutcome = "error",
        *,
        started: ToolStarted | None = None,
        output: str = "",
        remark: str = "",
        whole: str | None = None,
        result_problems: tuple[Problem, ...] = (),
        attempts: int = 1,
    ) -> None:
        """Record that the call failed, after applying the project's error handler."""
        handler = self._setup.handling.on_error_of(call.tool, failure.kind)
        self.settle(
            call,
            outcome,
            failure.text(handler.advice) if handler.reply is None else handler.reply,
            error_kind=failure.kind,
            started=started,
            output=output,
            remark=remark,
            whole=whole or failure.text(),
            result_problems=result_problems,
            attempts=attempts,
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
