"""Tool calls as they grow, and which of them a piece belongs to. Arguments are only ever appended, never repaired.

Servers disagree about index, id and name: none of them at all; one index for every call; another id with every piece;
the name in every piece; the same call at two indices, or whole again at the end. The rules, in this order:

1. A whole call that is there already is no call: the same id, or no other id and the same place, with the same name and
   the same arguments. Entries of one list without ids are calls of their own.
2. A piece belongs to the call at its index; without an index to the call of its id; else to the newest call.
3. A piece without a name continues that call. After a call is whole and was named again, a new object begins the next.
4. A piece with a name begins another call
   - when the entry of the same list before it named that call too,
   - when that call is whole: if the name or the id is another, or a new object begins,
   - when its arguments have begun but are not whole: if the name is another,
   - when nothing of them has come: if name and id are others, or there is no index that could tell.
   Otherwise the name is repeated, or goes on; an id that changes in the middle of a call is ignored from then on.
5. When all has come, calls of the same id, name and arguments are one.
"""

import msgspec

from workbench.core.json_text import JsonObject, JsonValue
from workbench.providers.call_ids import same_arguments
from workbench.providers.door import arguments_of, count_of, json_value, objects_of, text_of

_KNOWN = frozenset({"index", "id", "type", "function", "custom", "function_call"})
_KNOWN_INSIDE = frozenset({"name", "arguments", "input"})


class CallPiece(msgspec.Struct, frozen=True):
    """A piece of a call as the server sent it. `is_start`: it says more than the rest of a name would."""

    index: int | None
    id: str
    type: str
    name: str
    text: str
    is_start: bool
    document: JsonObject
    body: JsonObject

    @classmethod
    def of(cls, document: JsonObject) -> "CallPiece":
        """The piece in `document`."""
        body = _body(document)
        added = body.get("arguments")
        if added is None:
            added = body.get("input")
        call_id = text_of(document.get("id"))
        return cls(
            index=count_of(document.get("index")),
            id=call_id if call_id.strip() else "",
            type=text_of(document.get("type")),
            name=text_of(body.get("name")),
            text="" if added == {} else arguments_of(added),
            is_start="id" in document or "type" in document,
            document=document,
            body=body,
        )

    @property
    def begins_object(self) -> bool:
        """Whether its text could be the start of a call's arguments."""
        return self.text.lstrip().startswith("{")


class GrowingCall:
    """One call: a function, or something of another `type` that is kept but never run."""

    def __init__(self, index: int | None, name: str = "") -> None:
        self.index = index
        self.given_id = ""
        self.type = "function"
        self.name = name
        self.is_announced = False
        self.is_shown = False
        self.is_named_again = False
        self._pieces: list[str] = []
        self._blank = ""
        self._extras: JsonObject = {}
        self._inner_extras: JsonObject = {}

    @property
    def is_function(self) -> bool:
        """Only functions become proposals."""
        return self.type == "function"

    @property
    def arguments(self) -> str:
        """The argument text exactly as received."""
        return self.text or self._blank

    @property
    def has_begun(self) -> bool:
        """Something of its arguments has come."""
        return any(piece.strip() for piece in self._pieces)

    @property
    def text(self) -> str:
        """As much of the arguments as has come in pieces."""
        return "".join(self._pieces)

    def rest_of(self, text: str) -> str:
        """What `text` has beyond the arguments that are there; nothing where it is another text."""
        return text[len(self.text) :] if text.startswith(self.text) else ""

    @property
    def is_whole(self) -> bool:
        """Its arguments are a whole JSON object."""
        if not self._pieces or not self._pieces[-1].rstrip().endswith("}"):
            return False
        try:
            return isinstance(json_value(self.arguments.encode("utf-8", "surrogatepass")), dict)
        except ValueError:
            return False

    def grow(self, piece: CallPiece) -> str:
        """Add a piece; returns the argument text it brought."""
        self.given_id = self.given_id or piece.id
        self.type = piece.type or self.type
        self._keep(self._extras, piece.document, _KNOWN)
        self._keep(self._inner_extras, piece.body, _KNOWN_INSIDE)
        self._take_name(piece.name)
        if piece.text:
            self._pieces.append(piece.text)
        elif isinstance(piece.body.get("arguments", piece.body.get("input")), dict):
            self._blank = "{}"
        return piece.text

    def wire_copy(self, call_id: str) -> JsonObject:
        """The call in the vendor's own form, under `call_id`."""
        match self.type:
            case "function":
                body: JsonObject = {"name": self.name, "arguments": self.arguments, **self._inner_extras}
                copy: JsonObject = {"function": body}
            case "function_call":
                return {"name": self.name, "arguments": self.arguments, **self._inner_extras}
            case _:
                copy = {self.type: {"name": self.name, "input": self.arguments, **self._inner_extras}}
        return {"id": call_id, "type": self.type, **copy, **self._extras}

    def _keep(self, kept: JsonObject, document: JsonObject, known: frozenset[str]) -> None:
        for key, value in document.items():
            if key not in known and key != self.type and value is not None:
                kept[key] = value

    def _take_name(self, name: str) -> None:
        """A name in pieces is joined; a name repeated, or sent again after the arguments began, is not."""
        if not self.name or (not self.has_begun and name.startswith(self.name)):
            self.name = name or self.name
        elif name != self.name and not self.has_begun:
            self.name += name


class GrowingCalls:
    """Finds the call a piece belongs to."""

    def __init__(self) -> None:
        self.all: list[GrowingCall] = []
        self._by_index: dict[int, GrowingCall] = {}
        self._do_ids_change = False

    def grow(self, entries: JsonValue) -> list[tuple[GrowingCall, str]]:
        """The calls that the entries of one list belong to, grown by them, and the argument text each brought."""
        grown: list[tuple[GrowingCall, str]] = []
        named: list[GrowingCall] = []
        for document in _entries(entries):
            piece = CallPiece.of(document)
            if self._is_repetition(piece, named):
                continue
            call = self._candidate(piece)
            if call is None or self._begins_another(call, piece, named):
                call = GrowingCall(piece.index, call.name if call is not None and not piece.name else "")
                self.all.append(call)
            if piece.index is not None:
                call.index = piece.index
                self._by_index[piece.index] = call
            if piece.name:
                named.append(call)
            grown.append((call, call.grow(piece)))
        return grown

    def grow_whole(self, entries: JsonValue) -> list[tuple[GrowingCall, str]]:
        """The calls of a whole message, each entry a call of its own: what is there already is not added again."""
        grown: list[tuple[GrowingCall, str]] = []
        before = list(self.all)
        for place, document in enumerate(_entries(entries)):
            piece = CallPiece.of({**document, "index": place})
            call = before[place] if place < len(before) else None
            if call is not None and call.name == piece.name:
                piece = msgspec.structs.replace(piece, text=call.rest_of(piece.text))
            else:
                call = GrowingCall(place)
                self.all.append(call)
            grown.append((call, call.grow(piece)))
        return grown

    def may_be_double(self, call: GrowingCall) -> bool:
        """Whether, as far as it has come, it could be an earlier call again."""
        if not call.given_id:
            return False
        for other in self.all:
            if other is call:
                return False
            if (other.given_id, other.name) == (call.given_id, call.name) and other.text.startswith(call.text):
                return True
        return False

    def without_doubles(self) -> list[GrowingCall]:
        """All calls, but of those with the same id, name and arguments the first only."""
        kept: list[GrowingCall] = []
        for call in self.all:
            is_double = bool(call.given_id) and any(
                call.given_id == other.given_id
                and call.name == other.name
                and same_arguments(call.arguments, other.arguments)
                for other in kept
            )
            if not is_double:
                kept.append(call)
        return kept

    def _is_repetition(self, piece: CallPiece, named: list[GrowingCall]) -> bool:
        if not piece.begins_object:
            return False
        for call in self.all:
            if piece.name not in ("", call.name) or not same_arguments(piece.text, call.arguments) or not call.is_whole:
                continue
            if piece.id and call.given_id and not self._do_ids_change:
                is_same = piece.id == call.given_id
            else:
                is_same = piece.index == call.index and call not in named
            if is_same and (piece.name or piece.id or piece.index is not None or call is self.all[-1]):
                return True
        return False

    def _candidate(self, piece: CallPiece) -> GrowingCall | None:
        if piece.index is not None and piece.index in self._by_index:
            return self._by_index[piece.index]
        if piece.id and (piece.index is None or not piece.name):
            same = next((call for call in self.all if call.given_id == piece.id), None)
            if same is not None:
                return same
        last = self.all[-1] if self.all else None
        if piece.index is None:
            return last
        is_rest = last is not None and last.index is None and not piece.name and not piece.id
        return last if is_rest else None

    def _begins_another(self, call: GrowingCall, piece: CallPiece, named: list[GrowingCall]) -> bool:
        if not piece.name:
            return call.is_named_again and piece.begins_object and call.is_whole
        if not call.name:
            return False
        if call in named:
            return True
        is_other_id = bool(piece.id and call.given_id) and piece.id != call.given_id and not self._do_ids_change
        if call.is_whole:
            if piece.text.strip() or piece.name != call.name or is_other_id:
                return piece.name != call.name or is_other_id or piece.begins_object
            call.is_named_again = True
            return False
        if call.has_begun:
            self._do_ids_change = self._do_ids_change or (is_other_id and piece.name == call.name)
            return piece.name != call.name
        if piece.name == call.name:
            self._do_ids_change = self._do_ids_change or (is_other_id and bool(piece.text.strip()))
            return False
        return is_other_id or piece.index is None or (piece.is_start and not piece.name.startswith(call.name))


def _entries(entries: JsonValue) -> list[JsonObject]:
    """The entries of a list of calls. Raises TypeError for one that is not a call: skipping it would lose a call."""
    found = objects_of(entries)
    if isinstance(entries, list) and len(found) < sum(entry is not None for entry in entries):
        raise TypeError("a tool call is not an object")
    return found


def _body(piece: JsonObject) -> JsonObject:
    """Where name and arguments stand: under `function`, `custom`, or whatever the type is called."""
    for key in ("function", "custom", "function_call", piece.get("type")):
        value = piece.get(key) if isinstance(key, str) else None
        if isinstance(value, dict):
            return value
    return {}
