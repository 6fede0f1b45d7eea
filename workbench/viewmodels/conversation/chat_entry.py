"""What a chat is made of: entries, each a small mutable record that its fold keeps up to date."""

from dataclasses import dataclass, field
from typing import Literal, assert_never

from workbench.core.content import OpaquePart, Part, ReasoningPart, RefusalPart, TextPart, ToolCallPart
from workbench.core.hand_call import HAND
from workbench.core.ids import ROOT_SPAN, CallId, RunId, SpanPath
from workbench.core.json_text import compact
from workbench.core.message import Attachment
from workbench.core.server_question import asked_line
from workbench.core.trace import CallSpan
from workbench.viewmodels.conversation.failure_card import RunFailure
from workbench.viewmodels.shared.figures import duration
from workbench.viewmodels.shared.plain import model_words, one_line
from workbench.viewmodels.shared.tone import Tone, call_tone, call_words

EntryKey = str
_NO_RUN = RunId("")
HeadState = Literal["asking", "streaming", "done", "failed", "stopped"]


@dataclass
class UserEntry:
    """What the person said.

    `seq` is the number of its event, 0 when it is only known from a run's history. `versions` are the runs that say
    something else in its place, itself included. What `is_fixed` is only shown: it cannot be changed here.
    """

    key: EntryKey
    run_id: RunId
    text: str
    seq: int = 0
    span: SpanPath = ROOT_SPAN
    versions: tuple[RunId, ...] = ()
    is_fixed: bool = False

    @property
    def can_be_sent_again(self) -> bool:
        """Whether it has a place in a log, and somebody who could say it."""
        return self.seq > 0 and not self.is_fixed

    @property
    def version(self) -> int:
        """Which of its versions this is, from 1."""
        return self.versions.index(self.run_id) + 1 if self.run_id in self.versions else 1

    @property
    def version_words(self) -> str:
        """`2 of 3`; empty when nothing else was said in its place."""
        return f"{self.version} of {len(self.versions)}" if len(self.versions) > 1 else ""

    def neighbor(self, step: int) -> RunId | None:
        """The run of the next (1) or the previous (-1) version."""
        place = self.version - 1 + step
        return self.versions[place] if 0 <= place < len(self.versions) else None


@dataclass
class HeadEntry:
    """The line above an answer: which model, how long, how much."""

    key: EntryKey
    model: str
    round: int
    figures: tuple[str, ...] = ()
    state: HeadState = "asking"
    run_id: RunId = _NO_RUN
    span: SpanPath = ROOT_SPAN
    mark: str = ""
    """What a person's mark says about it, with its sign; empty where there is none."""
    variant: str = ""
    """The variant the run was made with; empty for none."""

    @property
    def caption(self) -> str:
        """The whole line."""
        if self.model == HAND:
            return "Called by you"
        words = {"asking": "waiting for the first token", "streaming": "answering", "failed": "failed"}
        state = words.get(self.state, "stopped" if self.state == "stopped" else "")
        variant = f"variant {one_line(self.variant, 30)}" if self.variant else ""
        parts = ("Assistant", model_words(self.model), variant, state, *self.figures, self.mark)
        return " · ".join(part for part in parts if part)


@dataclass
class TextEntry:
    """Words of the model: an answer, its reasoning, or a refusal."""

    key: EntryKey
    part: Literal["text", "reasoning", "refusal"]
    text: str
    is_streaming: bool = False
    is_cut_off: bool = False


@dataclass
class CallEntry:
    """A tool call, from its first streamed character to its result."""

    key: EntryKey
    run_id: RunId
    tool: str
    arguments_json: str = ""
    call_id: CallId | None = None
    call: CallSpan | None = None
    siblings: int = 1
    is_cut_off: bool = False
    mark: str = ""
    """What a person's mark says about it, with its sign; empty where there is none."""

    @property
    def tone(self) -> Tone:
        """How it stands."""
        if self.call is None:
            return "error" if self.is_cut_off else "busy"
        return call_tone(self.call)

    @property
    def caption(self) -> str:
        """State and figures, for the right end of the card's first line."""
        if self.call is None:
            return "cut off, not run" if self.is_cut_off else "arguments are arriving"
        marked = (self.mark,) if self.mark else ()
        return " · ".join((*marked, call_words(self.call), *_figures(self.call, self.siblings)))

    @property
    def was_corrected(self) -> bool:
        """Whether a person edited or rejected it, and it is over: a case for a suite."""
        call = self.call
        return call is not None and call.settled is not None and (call.is_edited or call.outcome == "rejected")

    @property
    def shown_arguments(self) -> str:
        """What ran or would run."""
        return self.call.arguments_json if self.call else self.arguments_json

    @property
    def was_edited(self) -> bool:
        """Whether a person changed the arguments."""
        return self.call is not None and self.call.arguments_json != self.call.proposed.arguments_json

    @property
    def result_text(self) -> str | None:
        """What went back to the model, or None while the call is open."""
        return self.call.settled.result_text if self.call and self.call.settled else None

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """What it returned beside text."""
        return self.call.settled.attachments if self.call and self.call.settled else ()

    @property
    def talk(self) -> str:
        """What its server asked in the middle of it, and was told, a line each; empty when it asked nothing."""
        lines: list[str] = []
        for each in self.call.questions if self.call is not None else ():
            lines.append(one_line(asked_line(each.asked.server, each.asked.asked), 400))
            if (reply := each.answered) is not None:
                given = one_line(compact(reply.content), 400) if reply.content is not None else ""
                lines.append(
                    " · ".join(part for part in (f"→ {reply.action} by {reply.by}", given, reply.note) if part)
                )
        return "\n".join(lines)

    @property
    def problems(self) -> tuple[str, ...]:
        """What does not fit, one line each."""
        if self.call is None or self.call.checked is None:
            return ()
        return tuple(str(problem) for problem in self.call.checked.problems)


@dataclass
class NoticeEntry:
    """Something the program has to say: a failure, a limit, the end of the run.

    `failure` is what can be done about it, as long as nothing else was done.
    """

    key: EntryKey
    tone: Tone
    title: str
    text: str = ""
    hint: str = ""
    figures: tuple[str, ...] = field(default=())
    failure: RunFailure | None = None

    @property
    def details(self) -> str:
        """All of it as text, for a report."""
        asked = f"Model: {self.failure.spec}\nRun: {self.failure.run_id}" if self.failure is not None else ""
        words = " · ".join(part for part in self.figures if part)
        return "\n".join(part for part in (self.title, self.text, self.hint, words, asked) if part)


NO_SUCCESS = {
    "length": "cut off by a limit",
    "filtered": "filtered by the provider",
    "other": "ended in an unknown way",
}
"""What is said of an answer that ended without success, by its stop reason."""

ChatEntry = UserEntry | HeadEntry | TextEntry | CallEntry | NoticeEntry


def _figures(call: CallSpan, siblings: int) -> list[str]:
    figures: list[str] = [one_line(call.reported, 80)] if call.reported and call.settled is None else []
    if call.is_valid:
        figures.append("valid")
    if call.started is not None and call.settled is not None:
        figures.append(duration(call.settled.duration_ms))
    if siblings > 1:
        figures.append("parallel ∥")
    if call.settled is not None and call.settled.clipped_chars:
        figures.append(f"{call.settled.clipped_chars:,} characters clipped")
    return figures


def head_key(request: str) -> EntryKey:
    """The key of the line over an answer."""
    return f"{request}:head"


def part_key(request: str, index: int) -> EntryKey:
    """The key of a part of an answer."""
    return f"{request}#{index}"


def part_kind(part: TextPart | ReasoningPart | RefusalPart) -> Literal["text", "reasoning", "refusal"]:
    """The kind of entry that shows a part of an answer."""
    match part:
        case TextPart():
            return "text"
        case ReasoningPart():
            return "reasoning"
        case RefusalPart():
            return "refusal"


def settled_entry(part: Part, entry: ChatEntry | None, key: EntryKey, run_id: RunId) -> ChatEntry | None:
    """The entry of a complete part of an answer: the one that was streamed, in its final state, or a new one. None
    where the part says nothing."""
    match part:
        case TextPart(text=text) | ReasoningPart(text=text) | RefusalPart(text=text):
            if not text:
                return entry
            kind = part_kind(part)
            found = entry if isinstance(entry, TextEntry) else TextEntry(key, kind, text)
            found.text, found.part = text, kind
            return found
        case ToolCallPart():
            call = entry if isinstance(entry, CallEntry) else CallEntry(key, run_id, part.tool)
            call.tool, call.arguments_json = part.tool, part.arguments_json
            return call
        case OpaquePart():
            return entry or NoticeEntry(key, "plain", part.label, part.json)
        case _:
            assert_never(part)
