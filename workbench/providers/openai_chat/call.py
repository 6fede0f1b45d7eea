"""Tool calls as they grow. Servers disagree about index, id and name; arguments are only ever appended.

Seen in the wild: the name repeated in every chunk; no index; index 0 for every parallel call; no ids; all
arguments at once, as an object.
"""

from workbench.core.json_text import JsonObject, JsonValue, compact

_KNOWN = frozenset({"index", "id", "type", "function", "custom", "function_call"})


class GrowingCall:
    """One call: a function, or something of another `type` that is kept but never run."""

    def __init__(self) -> None:
        self.given_id = ""
        self.type = "function"
        self.name = ""
        self.is_announced = False
        self._arguments: list[str] = []
        self._extras: JsonObject = {}

    @property
    def is_function(self) -> bool:
        """Only functions become proposals."""
        return self.type == "function"

    @property
    def arguments(self) -> str:
        """The argument text exactly as received."""
        return "".join(self._arguments)

    @property
    def is_closed(self) -> bool:
        """The arguments look whole: nothing but a new call may follow an object's last brace with a new object."""
        return bool(self._arguments) and self._arguments[-1].rstrip().endswith("}")

    def grow(self, piece: JsonObject) -> str:
        """Add a piece; returns the argument text it brought."""
        self.given_id = self.given_id or _text(piece.get("id"))
        self.type = _text(piece.get("type")) or self.type
        for key, value in piece.items():
            if key not in _KNOWN and value is not None:
                self._extras[key] = value
        body = _body(piece)
        self._take_name(_text(body.get("name")))
        added = body.get("arguments")
        if added is None:
            added = body.get("input")
        text = added if isinstance(added, str) else "" if added is None else compact(added)
        if text:
            self._arguments.append(text)
        return text

    def wire_copy(self, call_id: str) -> JsonObject:
        """The call in the vendor's own form, under `call_id`."""
        match self.type:
            case "function":
                body: JsonObject = {"function": {"name": self.name, "arguments": self.arguments}}
            case "function_call":
                return {"name": self.name, "arguments": self.arguments}
            case _:
                body = {self.type: {"name": self.name, "input": self.arguments}}
        return {"id": call_id, "type": self.type, **body, **self._extras}

    def _take_name(self, name: str) -> None:
        """A name in pieces is joined; a name repeated, or sent again after the arguments began, is not."""
        if name and name != self.name and not self._arguments:
            self.name += name


class GrowingCalls:
    """Finds the call a piece belongs to."""

    def __init__(self) -> None:
        self.all: list[GrowingCall] = []
        self._by_index: dict[object, GrowingCall] = {}

    def grow(self, piece: JsonObject) -> tuple[GrowingCall, str]:
        """The call `piece` belongs to, grown by it, and the argument text it brought."""
        index = piece.get("index")
        call = self._by_index.get(index) if index is not None else self._without_index(piece)
        if call is None or self._begins_another(call, piece):
            call = GrowingCall()
            self.all.append(call)
        if index is not None:
            self._by_index[index] = call
        return call, call.grow(piece)

    def _without_index(self, piece: JsonObject) -> GrowingCall | None:
        call_id = piece.get("id")
        if call_id:
            same = next((call for call in self.all if call.given_id == call_id), None)
            return same or (None if _body(piece).get("name") else self._last())
        return self._last()

    def _last(self) -> GrowingCall | None:
        return self.all[-1] if self.all else None

    def _begins_another(self, call: GrowingCall, piece: JsonObject) -> bool:
        """A different id with a name, or a name with a new object after a closed one, is the next call."""
        body = _body(piece)
        if not body.get("name"):
            return False
        call_id = piece.get("id")
        if call_id and call.given_id:
            return call_id != call.given_id
        arguments = body.get("arguments")
        begins_object = isinstance(arguments, dict) or (isinstance(arguments, str) and arguments.lstrip()[:1] == "{")
        return call.is_closed and begins_object


def _body(piece: JsonObject) -> JsonObject:
    """Where name and arguments stand: under `function`, `custom`, or whatever the type is called."""
    for key in ("function", "custom", "function_call", piece.get("type")):
        value = piece.get(key) if isinstance(key, str) else None
        if isinstance(value, dict):
            return value
    return {}


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else ""
