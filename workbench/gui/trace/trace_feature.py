"""The trace as a feature of the window: its commands, what its rows offer, and what is remembered of it."""

import shlex
from collections.abc import Callable

from workbench.app.parts import HasPrices
from workbench.gui.conversation.chat_pane import ChatPane
from workbench.gui.frame.actions import Command
from workbench.gui.frame.dock import Dock
from workbench.gui.frame.feature import Feature, PlaceAction, WindowContext
from workbench.gui.frame.panes import ConversationDock
from workbench.gui.kit.listening import listen
from workbench.gui.trace.trace_table import TraceTable, place_of_trace_row
from workbench.gui.trace.trace_view import TraceView
from workbench.viewmodels.runs.run_place import RunPlace, RunPlaceKind
from workbench.viewmodels.trace.trace_column import ColumnName, readable_columns
from workbench.viewmodels.trace.trace_row import TraceRow
from workbench.viewmodels.window.status import spent_text

_ANYWHERE: frozenset[RunPlaceKind] = frozenset({"run", "message", "round", "call"})
_COLUMNS = "trace_columns"
_AFTER_MS = 20
"""Tabs that are opened or passed through faster than this make no trace."""


class TraceFeature(Feature[HasPrices]):
    """Commands act on the trace of the open conversation, which is shown first where it is hidden."""

    _forget: Callable[[], None] | None = None

    def __init__(self, context: WindowContext, parts: HasPrices) -> None:
        super().__init__(context, parts)
        self.dock: ConversationDock[TraceView]
        self.beside: list[Dock] = []
        """Docks that are shown and hidden together with the trace."""

    def add_docks(self) -> None:
        """On the right side."""
        context = self.context
        self.dock = ConversationDock("trace", "Trace", self._make, context.look, context.as_window, after_ms=_AFTER_MS)
        context.panes.add(self.dock, "right")
        context.documents.pane_closing.connect(self.dock.remove)

    def show_row(self, row: TraceRow | None) -> None:
        """Show a row of the open conversation's trace; nothing when there is none."""
        if row is not None:
            self._with_view(lambda view: view.show_row(row))

    @property
    def open_view(self) -> TraceView | None:
        """The trace that is shown, or would be if the dock were open."""
        return self.dock.open_view

    def commands(self) -> tuple[Command, ...]:
        """What the palette offers. The keys in the titles work in the trace, where no editor needs them."""

        def on_table(act: Callable[[TraceTable], object]) -> Callable[[], None]:
            return lambda: self._with_view(lambda view: act(view.table))

        walks: tuple[tuple[str, str, Callable[[TraceTable], object]], ...] = (
            ("trace-next", "Next span (Alt+↓ in the trace)", lambda t: t.walk("step", 1)),
            ("trace-previous", "Previous span (Alt+↑ in the trace)", lambda t: t.walk("step", -1)),
            ("trace-next-sibling", "Next sibling span (Alt+→)", lambda t: t.walk("sibling", 1)),
            ("trace-previous-sibling", "Previous sibling span (Alt+←)", lambda t: t.walk("sibling", -1)),
            ("trace-next-peer", "Next call of the same tool (Alt+Shift+→)", lambda t: t.walk("peer", 1)),
            (
                "trace-previous-peer",
                "Previous call of the same tool (Alt+Shift+←)",
                lambda t: t.walk("peer", -1),
            ),
            ("trace-closer", "Zoom in on the time axis (+)", lambda t: t.zoom(1)),
            ("trace-further", "Zoom out on the time axis (−)", lambda t: t.zoom(-1)),
            ("trace-whole", "Show the whole time axis (0)", lambda t: t.show_whole()),
            ("trace-zoom-span", "Zoom to the selected span (Z)", lambda t: t.zoom_to_row()),
            ("trace-copy", "Copy the selected spans as a table (Ctrl+C)", lambda t: self._tell_copied(t.copy_rows())),
            (
                "trace-copy-headings",
                "Copy the selected spans with headings",
                lambda t: self._tell_copied(t.copy_rows(with_headings=True)),
            ),
        )
        on_view: tuple[tuple[str, str, Callable[[TraceView], object]], ...] = (
            ("trace-axis", "Switch time axis between logarithmic and linear", TraceView.switch_axis),
            ("trace-waiting", "Exclude or include time waiting for you", _switch_waiting),
            ("trace-columns", "Columns of the trace…", lambda view: view.open_columns()),
            ("trace-collapse", "Collapse all rounds in the trace", lambda view: view.trace.collapse_all()),
            ("trace-expand", "Expand everything in the trace", lambda view: view.trace.expand_all()),
        )
        return (
            Command(
                "trace",
                "Trace and inspector",
                "View",
                lambda: self.context.panes.toggle(self.dock, *self.beside),
                ("Ctrl+J",),
                "panel-right",
            ),
            Command(
                "filter",
                "Filter the trace",
                "View",
                lambda: self._with_view(lambda view: view.filter.setFocus()),
                ("Ctrl+Shift+L",),
            ),
            *(Command(name, text, "Trace", on_table(act)) for name, text, act in walks),
            *(
                Command(name, text, "Trace", lambda act=act: self._with_view(act))  # type: ignore[misc]
                for name, text, act in on_view
            ),
        )

    def place_actions(self) -> tuple[PlaceAction, ...]:
        """What a row of the trace offers, when the keyboard stands on it."""

        def act(name: str, text: str, do: Callable[[TraceTable], object]) -> PlaceAction:
            return PlaceAction(
                name, text, _ANYWHERE, lambda _: self._with_view(lambda view: do(view.table)), self._is_current_row
            )

        return (
            act("row-zoom", "Zoom the time axis to this span", lambda t: t.zoom_to_row()),
            act("row-copy", "Copy the selected rows", lambda t: self._tell_copied(t.copy_rows())),
            act("row-copy-cell", "Copy this cell", lambda t: t.copy_cell()),
            PlaceAction("row-only", "Show only this tool", frozenset({"call"}), self._show_only, self._is_current_row),
        )

    def begin(self) -> None:
        """Costs follow the price list."""
        self._forget = self.parts.prices.changed.connect(self._take_prices)

    def take_pane(self, pane: ChatPane) -> None:
        """The status line follows its figures."""
        trace = pane.conversation.trace
        listen(pane, trace.changed, lambda first, last: self._show_spent(pane))
        listen(pane, trace.figures_changed, lambda: self._show_spent(pane))

    def show_pane(self, pane: ChatPane) -> None:
        """Follow the open conversation."""
        self.dock.follow(pane)

    async def put_away(self) -> None:
        """The session's price list outlives this window."""
        if self._forget is not None:
            self._forget()

    def _make(self, pane: ChatPane) -> TraceView:
        view = TraceView(pane.conversation.trace, self.context.look)
        view.show_columns(self._columns())
        view.columns_chosen.connect(self._keep_columns)
        view.place_menu_asked.connect(pane.place_menu_asked)
        return view

    def _show_spent(self, pane: ChatPane) -> None:
        if pane is self.dock.pane:  # also behind a page that is not a conversation
            self.context.line.show_spent(spent_text(pane.conversation.trace.figures))

    def _with_view(self, act: Callable[[TraceView], object]) -> None:
        view = self.open_view
        if view is not None:
            self.dock.show()
            act(view)

    def _is_current_row(self, run_place: RunPlace) -> bool:
        view = self.open_view
        row = view.table.current_row if view is not None and view.table.hasFocus() else None
        return row is not None and place_of_trace_row(row) == run_place

    def _show_only(self, run_place: RunPlace) -> None:
        self._with_view(lambda view: view.filter.setText(f"tool:{shlex.quote(run_place.tool)}"))

    def _tell_copied(self, count: int) -> None:
        if count:
            self.context.toasts.tell("1 row copied" if count == 1 else f"{count:,} rows copied", tone="ok")

    def _take_prices(self) -> None:
        for pane in self.context.documents.panes():
            pane.conversation.trace.reload_figures()
            pane.conversation.inspector.changed.emit()

    def _columns(self) -> frozenset[ColumnName]:
        state = self.context.state
        return readable_columns(state.text(_COLUMNS) if state is not None else "")

    def _keep_columns(self, names: frozenset[ColumnName]) -> None:
        for view in self.dock.views:
            view.show_columns(names)
        if self.context.state is not None:
            self.context.state.keep_text(_COLUMNS, " ".join(sorted(names)))


def _switch_waiting(view: TraceView) -> None:
    view.leave_out_waiting(is_on=not view.trace.figures.leaves_out_waiting)
