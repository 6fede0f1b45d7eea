"""A provider that answers from a recording. It connects to nothing."""

from collections import deque
from collections.abc import AsyncIterator

from workbench.core.errors import ProviderFailure
from workbench.core.event import RequestFailed
from workbench.core.exchange import ModelRequest, StreamItem, WireRequest
from workbench.core.tool_choice import ChoiceSupport
from workbench.engine.ports import Provider
from workbench.replay.fingerprint import fingerprint, request_difference
from workbench.replay.recording import Attempt, Recording
from workbench.replay.recording_end import RecordingEnd

UNKNOWN_REQUEST = "unknown_request"
_FORK = "To go on from here with a model, fork the run."


class RecordedProvider:
    """See `engine.ports.Provider`. Requests are written by `encoder`, whose `stream` is never called.

    An answer belongs to the request with the same fingerprint, and is given once. A request the recording does not
    know fails with code `unknown_request` and the place where it differs from the recorded one.
    """

    def __init__(self, recording: Recording, encoder: Provider, end: RecordingEnd) -> None:
        self._encoder = encoder
        self._end = end
        self._name = recording.started.provider
        self._hit_time_limit = any(limit.limit == "seconds" for limit in recording.limits)
        attempts = recording.own_attempts
        # An attempt that was cut off by an interruption was made again when the run was resumed.
        self._left = deque(a for n, a in enumerate(attempts) if not a.is_open or n == len(attempts) - 1)

    @property
    def name(self) -> str:
        """The recorded provider's."""
        return self._name

    def choice_support(self, model: str) -> ChoiceSupport:
        """The encoder's."""
        return self._encoder.choice_support(model)

    def encode(self, request: ModelRequest) -> WireRequest:
        """The request as it would be sent today."""
        return self._encoder.encode(request)

    async def stream(self, wire: WireRequest) -> AsyncIterator[StreamItem]:
        """The recorded answer, whole. Raises the recorded failure, and `TimeoutError` where the run's time was up."""
        attempt = self._taken(wire)
        if attempt.received is not None:
            yield attempt.received.response
        elif attempt.failed is not None:
            raise _failure(attempt.failed)
        elif self._hit_time_limit:
            raise TimeoutError
        else:
            await self._end.wait()

    async def close(self) -> None:
        """Nothing is open."""

    def _taken(self, wire: WireRequest) -> Attempt:
        if not self._left:
            raise ProviderFailure(
                "The recording holds no further answer: the recorded run ended before this request.",
                kind="invalid_request",
                code=UNKNOWN_REQUEST,
                hint=_FORK,
            )
        if self._left[0].sent.body_json == wire.body_json:
            return self._left.popleft()
        wanted = fingerprint(wire.wire_format, wire.body_json)
        for attempt in self._left:
            if fingerprint(attempt.sent.wire_format, attempt.sent.body_json) == wanted:
                self._left.remove(attempt)
                return attempt
        expected = self._left[0].sent
        where = request_difference(wire.wire_format, expected.body_json, wire.body_json) or "another wire format"
        raise ProviderFailure(
            f"The recording holds no answer to this request. Against the recorded one: {where}.",
            kind="invalid_request",
            code=UNKNOWN_REQUEST,
            hint=_FORK,
        )


def _failure(failed: RequestFailed) -> ProviderFailure:
    """The recorded failure, made so that it is tried again exactly if it was."""
    return ProviderFailure(
        failed.message,
        kind=failed.failure,
        status=failed.status,
        code=failed.code,
        retry_after_s=failed.retry_in_s,
        partial_text=failed.partial_text,
        has_partial=failed.retry_in_s is None,
        hint=failed.hint,
    )
