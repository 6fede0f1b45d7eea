"""Output items as they grow from events, for servers whose terminal event leaves them out, or empty."""

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from workbench.core.json_text import JsonObject, JsonValue
from workbench.providers.body_json import body_text
from workbench.providers.call_ids import same_arguments
from workbench.providers.door import arguments_of, objects_of, text_of

_CONTENT = ("output_text", "refusal", "reasoning_text")
_SUMMARY = ("summary_text",)


class Item(NamedTuple):
    """One item of the output, and its JSON as it goes back."""

    document: JsonObject
    text: str

    @classmethod
    def of(cls, document: JsonObject) -> "Item":
        """An item whose JSON is written here."""
        return cls(document, body_text(document))


class GrowingItem:
    """One item: as it was announced, what was added to it, and as it was when it was done."""

    def __init__(self, document: JsonObject) -> None:
        self.document = document
        self.done: Item | None = None
        self.arguments: list[str] = []
        self._texts: dict[tuple[str, int], list[str]] = {}

    @property
    def type(self) -> str:
        """The vendor's word for what it is."""
        return text_of(self.document.get("type"))

    @property
    def is_something(self) -> bool:
        """It is done, or was announced as a call, or something was added to it."""
        return self.done is not None or self.type == "function_call" or bool(self._texts)

    def add(self, kind: str, place: int, text: str) -> None:
        """Add to a piece of its content, such as `output_text`."""
        self._texts.setdefault((kind, place), []).append(text)

    def text(self, kind: str, place: int) -> str:
        """What was added to that piece."""
        return "".join(self._texts.get((kind, place), ()))

    def words(self, kind: str) -> str:
        """All pieces of a kind, with a blank line between them."""
        return "\n\n".join("".join(texts) for (found, _), texts in sorted(self._texts.items()) if found == kind)

    def finished(self) -> Item:
        """The item from what is known of it."""
        return self.filled(self.done or Item.of({**self.document, "status": "completed"}))

    def filled(self, item: Item) -> Item:
        """`item` with what was streamed and is empty in it; unchanged where nothing is."""
        call_ids = {text_of(found.get("call_id")) for found in (item.document, self.document)} - {""}
        missing = self._missing_in(item.document) if len(call_ids) < 2 else {}
        return Item.of({**item.document, **missing}) if missing else item

    def is_in(self, documents: list[JsonObject]) -> bool:
        """Whether one of these items is this one, also where a server gave it another id in the end."""
        if self.type != "function_call":
            return any(text_of(document.get("type")) == self.type for document in documents)
        mine = self.finished().document
        return any(
            document.get("type") == "function_call"
            and (
                (mine.get("call_id") and document.get("call_id") == mine.get("call_id"))
                or (
                    document.get("name") == mine.get("name")
                    and same_arguments(arguments_of(document.get("arguments")), arguments_of(mine.get("arguments")))
                )
            )
            for document in documents
        )

    def _missing_in(self, document: JsonObject) -> JsonObject:
        missing: JsonObject = {}
        if self.type == "function_call":
            arguments = "".join(self.arguments)
            if arguments and document.get("arguments") in (None, "", {}):
                missing["arguments"] = arguments
            missing |= {
                key: self.document[key]
                for key in ("call_id", "name")
                if not document.get(key) and self.document.get(key)
            }
        for key, kinds in (("content", _CONTENT), ("summary", _SUMMARY)):
            pieces: list[JsonValue] = [
                {"type": kind, "refusal" if kind == "refusal" else "text": "".join(texts)}
                for (kind, _), texts in sorted(self._texts.items(), key=lambda entry: entry[0][1])
                if kind in kinds
            ]
            if pieces and not document.get(key):
                missing[key] = pieces
        return missing


class GrowingItems:
    """Finds the item an event belongs to: by the item's id, else by its place in the output, else the newest."""

    def __init__(self) -> None:
        self.all: list[GrowingItem] = []
        self._by_id: dict[str, GrowingItem] = {}
        self._by_index: dict[int, GrowingItem] = {}

    def announced(self, document: JsonObject, index: int | None) -> GrowingItem:
        """The item that begins; one that was announced before is that one."""
        item = self._by_id.get(text_of(document.get("id")))
        if item is None:
            item = GrowingItem(document)
            self.all.append(item)
        self._remember(item, text_of(document.get("id")), index)
        return item

    def grown(self, event: JsonObject, index: int | None, of_type: str) -> GrowingItem:
        """The item that goes on; a new one of that type, where none was announced."""
        item = self._by_id.get(text_of(event.get("item_id")))
        if item is None and index is not None:
            item = self._by_index.get(index)
        if item is None and index is None and self.all:
            item = self.all[-1]
        if item is None:
            item = GrowingItem({"type": of_type, **({"role": "assistant"} if of_type == "message" else {})})
            self.all.append(item)
            self._remember(item, text_of(event.get("item_id")), index)
        return item

    def done(self, whole: Item, index: int | None) -> GrowingItem:
        """The item that is whole now."""
        document = whole.document
        item = self._by_id.get(text_of(document.get("id")))
        if item is None and index is not None:
            item = self._by_index.get(index)
        if item is None or item.done is not None or item.type not in ("", text_of(document.get("type"))):
            item = self.announced(document, index)
        item.document = {**item.document, **document}
        item.done = whole
        return item

    def finished(self) -> list[Item]:
        """All items in order."""
        return [item.finished() for item in self.all if item.is_something]

    def completed(self, items: list[Item]) -> list[Item]:
        """The items of the terminal event, with what they have lost of the streamed ones."""
        if not items:
            return self.finished()
        whole: list[Item] = []
        for place, item in enumerate(items):
            streamed = self._by_id.get(text_of(item.document.get("id"))) or self._by_index.get(place)
            is_same = streamed is not None and streamed.type == text_of(item.document.get("type"))
            whole.append(streamed.filled(item) if streamed is not None and is_same else item)
        documents = [item.document for item in whole]
        lost = [
            streamed.finished()
            for streamed in self.all
            if streamed.type in ("function_call", "message") and streamed.is_something and not streamed.is_in(documents)
        ]
        return [*whole, *lost]

    def _remember(self, item: GrowingItem, item_id: str, index: int | None) -> None:
        if item_id:
            self._by_id[item_id] = item
        if index is not None:
            self._by_index[index] = item


def items_of(values: JsonValue, data: bytes, read: Callable[[bytes], list[msgspec.Raw] | None]) -> list[Item]:
    """The items, each with the bytes it came in, which `read` takes from `data`; its JSON is written here where those
    bytes are JSON only by a wide reading. Raises TypeError for what is not a list of objects."""
    if values is None:
        return []
    documents = objects_of(values) if isinstance(values, list) else []
    if not isinstance(values, list) or len(documents) < len(values):
        raise TypeError("the output is not a list of objects")
    try:
        raws = read(data) or ()
        return [Item(document, bytes(raw).decode()) for document, raw in zip(documents, raws, strict=True)]
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return [Item.of(document) for document in documents]
