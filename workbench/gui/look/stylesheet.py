"""The one style sheet: shapes and spacing. Widgets ask for a role (`widget.setProperty("role", "caption")`)."""

import re
from string import Template

from workbench.gui.look.colors import Tokens, color_names
from workbench.gui.look.icons import Icons

_TEMPLATE = Template("""
* { outline: 0; }
QMainWindow, QDialog { background: $window; }
QMainWindow::separator { background: $border; width: 1px; height: 1px; }
QMainWindow::separator:hover { background: $accent; }
QToolTip { background: $raised; color: $text; border: 1px solid $border_strong; padding: 5px 8px; }

QLabel { background: transparent; }
QLabel[role="caption"], QLabel[role="hint"] { color: $muted; font-size: ${small}pt; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="dock-title"] { color: $muted; font-size: ${tiny}pt; font-weight: 600; letter-spacing: 1px; }
QLabel[role="heading"] { font-size: ${large}pt; font-weight: 600; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="mono"] { font-family: $mono; font-size: ${code}pt; }
QLabel[role="mono-strong"] { font-family: $mono; font-size: ${code}pt; font-weight: 600; }
QLabel[role="mono-muted"] { font-family: $mono; font-size: ${code}pt; color: $muted; }
QLabel[tone="ok"] { color: $ok; }
QLabel[tone="warn"], QLabel[tone="wait"] { color: $warn; }
QLabel[tone="error"] { color: $error; }

QFrame[role="bar"] { background: $window; border: 0; border-bottom: 1px solid $border; }
QFrame[role="composer"] { background: $window; border: 0; border-top: 1px solid $border; }
QFrame[role="page"], QWidget[role="page"] { background: $surface; border: 0; }
QWidget[role="clear"] { background: transparent; }
QFrame[role="dock-header"] { background: $window; border: 0; border-bottom: 1px solid $border; }
QFrame[role="card"] { background: $surface; border: 1px solid $border; border-radius: 8px; }
QFrame[role="card"]:focus { border: 1px solid $accent; }
QFrame[role="card-wait"] { background: $wait_ground; border: 1px solid $wait_border; border-radius: 8px; }
QFrame[role="card-wait"]:focus { border: 2px solid $accent; }
QFrame[role="bubble"] { background: $user_ground; border: 0; border-radius: 8px; }
QFrame[role="notice"] { background: $sunken; border: 0; border-radius: 8px; }
QFrame[role="notice-error"] { background: $error_ground; border: 0; border-radius: 8px; }
QFrame[role="notice-warn"], QFrame[role="banner"] { background: $wait_ground; border: 0; border-radius: 8px; }
QFrame[role="banner"] { border-radius: 0; border-bottom: 1px solid $border; }
QFrame[role="guide"] { background: $user_ground; border: 0; border-bottom: 1px solid $border; }
QFrame[role="playback"] { background: $sunken; border: 0; border-bottom: 2px dashed $accent; }
QFrame[role="playback"]:focus { border-bottom: 2px dashed $text; }
QFrame[role="rule"] { background: $border; border: 0; }
QFrame[role="popup"] { background: $raised; border: 1px solid $border_strong; border-radius: 10px; }
QFrame[role="key"] { background: $hover; border-radius: 4px; }

QPushButton {
    background: $raised; color: $text; border: 1px solid $border_strong; border-radius: 6px;
    padding: 4px 12px; min-height: ${control}px;
}
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $selection; }
QPushButton:focus { border-color: $accent; }
QPushButton:disabled { color: $disabled; border: 1px $off $border; background: $window; }
QPushButton[role="primary"] { background: $accent; color: $on_accent; border-color: $accent; font-weight: 600; }
QPushButton[role="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[role="primary"]:focus { border-color: $text; }
QPushButton[role="primary"]:disabled { background: $hover; color: $muted; border: 1px $off $border; }
QPushButton[role="link"] { background: transparent; border: 0; color: $accent; padding: 2px 4px; min-height: 0; }
QPushButton[role="link"]:hover { color: $accent_hover; text-decoration: underline; }
QPushButton[role="link"]:focus { text-decoration: underline; }
QPushButton[role="picker"] { text-align: left; padding-right: 10px; }
QPushButton[role="badge"] {
    background: $wait_ground; color: $warn; border: 1px solid $wait_border; border-radius: 5px;
    font-weight: 600; padding: 0 8px; min-height: ${chip}px; font-size: ${small}pt;
}
QPushButton[role="badge"]:focus { border-color: $accent; }
QPushButton[role="search"] {
    text-align: left; color: $muted; background: $surface; border-color: $border; padding-left: 10px;
}
QPushButton[role="search"]:focus { border-color: $accent; }

QPushButton, QToolButton { icon-size: ${icon}px; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 4px; }
QToolButton[role="quiet"] { color: $muted; font-size: ${small}pt; }
QToolButton:hover { background: $hover; }
QToolButton:pressed, QToolButton:checked { background: $selection; }
QToolButton:focus { border-color: $accent; }
QToolButton::menu-indicator { image: none; }

QLineEdit, QPlainTextEdit[role="input"] {
    background: $surface; color: $text; border: 1px solid $border_strong; border-radius: 6px;
    padding: 4px 8px; selection-background-color: $selection; selection-color: $text;
}
QLineEdit { min-height: ${control}px; }
QLineEdit:focus, QPlainTextEdit[role="input"]:focus { border-color: $accent; }
QLineEdit[role="filter"] { min-height: ${chip}px; padding: 2px 8px; border-color: $border; font-size: ${small}pt; }
QLineEdit[role="filter"]:focus { border-color: $accent; }
QLineEdit[tone="error"], QPlainTextEdit[role="input"][tone="error"] { border-color: $error; }
QLineEdit[face="mono"], QPlainTextEdit[face="mono"] { font-family: $mono; font-size: ${code}pt; }
QLineEdit:disabled, QPlainTextEdit[role="input"]:disabled, QComboBox:disabled {
    color: $disabled; background: $window; border: 1px $off $border;
}
QCheckBox:disabled, QRadioButton:disabled { color: $disabled; }
QTableView[role="values"]::item { padding: 0 6px; }
QTableView[role="values"] { border: 1px solid $border_strong; border-radius: 6px; padding: 1px; }
QTableView[role="values"]:focus { border-color: $accent; }
QTableView[role="values"] QLineEdit { border: 0; border-radius: 0; padding: 0; min-height: 0; background: $selection; }
QPlainTextEdit, QTextBrowser {
    background: transparent; border: 0; selection-background-color: $selection; selection-color: $text;
}
QPlainTextEdit[role="code"] { background: $surface; }

QComboBox {
    background: $surface; color: $text; border: 1px solid $border_strong; border-radius: 6px;
    padding: 4px 8px; min-height: ${control}px;
}
QComboBox:focus, QComboBox:on { border-color: $accent; }
QComboBox::drop-down { border: 0; width: ${control}px; subcontrol-origin: padding; subcontrol-position: right; }
QComboBox::down-arrow { image: url("$opened_icon"); width: ${arrow}px; height: ${arrow}px; }
QComboBox QLineEdit { border: 0; padding: 0; min-height: 0; background: transparent; }
QComboBox QAbstractItemView {
    background: $raised; color: $text; border: 1px solid $border_strong; selection-background-color: $selection;
    selection-color: $text; padding: 4px; outline: 0;
}
QListWidget[role="list"] { background: $surface; border: 1px solid $border; border-radius: 6px; padding: 4px; }
QListWidget[role="nav"] { background: $sunken; border: 0; border-right: 1px solid $border; padding: 18px 8px; }
QListWidget[role="nav"]::item { padding: 6px 10px; border-radius: 5px; }
QListWidget[role="nav"]::item:selected { background: $selection; color: $text; }
QListWidget[role="list"]::indicator {
    width: ${tick}px; height: ${tick}px; background: $surface; border: 1px solid $border_strong; border-radius: 4px;
}
QListWidget[role="list"]::indicator:checked {
    background: $accent; border-color: $accent; image: url("$tick_icon");
}
QListWidget[role="list"]:focus { border-color: $accent; }
QListWidget[role="list"]::item { padding: 5px 8px; border-radius: 4px; }
QListWidget[role="list"]::item:selected { background: $selection; color: $text; }

QCheckBox, QRadioButton { spacing: 8px; background: transparent; padding: 2px; }
QCheckBox::indicator, QRadioButton::indicator {
    width: ${tick}px; height: ${tick}px; background: $surface; border: 1px solid $border_strong;
    border-radius: 4px;
}
QRadioButton::indicator { border-radius: ${tickhalf}px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover, QCheckBox::indicator:focus,
QRadioButton::indicator:focus {
    border-color: $accent;
}
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url("$tick_icon"); }
QRadioButton::indicator:checked { background: $accent; border-color: $accent; image: url("$dot_icon"); }
QCheckBox:focus, QRadioButton:focus { color: $accent; }

QTabWidget::pane { border: 0; background: $surface; }
QTabWidget::tab-bar { left: 0; }
QTabBar { background: $window; border: 0; qproperty-drawBase: 0; }
QTabBar[role="pages"] { background: $surface; }
QTabBar::tab {
    background: transparent; color: $muted; border: 0; border-bottom: 2px solid transparent;
    padding: 6px 12px 5px 12px;
}
QTabBar[role="pages"]::tab { padding: 6px 9px 5px 9px; }
QTabBar::tab:hover { color: $text; background: $hover; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; }
QTabBar::tab:focus { color: $accent; }
QTabBar::close-button {
    image: url("$close_icon"); subcontrol-position: right; width: ${cross}px; height: ${cross}px; margin: 3px;
    border-radius: 3px;
}
QTabBar::close-button:hover { background: $border; }
QTabBar QToolButton { background: $window; border: 0; }

QProgressBar { background: $hover; border: 0; border-radius: 3px; max-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }

QTreeView, QTableView, QListView {
    background: $surface; border: 0; show-decoration-selected: 1; selection-background-color: $selection;
    selection-color: $text;
}
QTreeView[role="side"] { padding: 4px 0 4px 4px; }
QTreeView[role="json"] { background: transparent; padding-left: 4px; }
QTreeView::item, QListView::item { border: 0; padding: 0; }
QListView[role="offers"] { background: $raised; border: 1px solid $border_strong; padding: 0; }
QListView[role="offers"]::item { padding: 4px 8px; border-radius: 4px; }
QListView[role="offers"]::item:selected { background: $selection; color: $text; }
QTreeView[role="table"]::item { padding: 0 8px; }
QTreeView[role="table"]::item:selected { background: $selection; color: $text; }
QTreeView::branch { background: transparent; border-image: none; }
QTreeView::branch:selected { background: $selection; }
QTreeView::branch:has-children:closed { image: url("$closed_icon"); }
QTreeView::branch:has-children:open { image: url("$opened_icon"); }
QHeaderView { background: $surface; border: 0; }
QHeaderView::section {
    background: $surface; color: $muted; border: 0; border-bottom: 1px solid $border; padding: 3px 10px;
    font-size: ${small}pt; text-align: left;
}

QScrollArea { background: transparent; border: 0; }
QScrollBar:vertical { background: transparent; width: 11px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 11px; margin: 0; }
QScrollBar::handle { background: $scroll; border-radius: 3px; margin: 2px 4px 2px 2px; }
QScrollBar::handle:horizontal { margin: 2px 2px 4px 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $muted; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $border_strong; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: $accent; }
QSlider::handle:horizontal { width: 12px; margin: -5px 0; border-radius: 7px; background: $accent;
  border: 1px solid $surface; }
QSlider::handle:horizontal:focus { border-color: $text; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; }

QMenu { background: $raised; border: 1px solid $border_strong; padding: 5px; }
QMenu::item { padding: 5px 26px 5px 10px; border-radius: 5px; color: $text; }
QMenu::item:selected { background: $selection; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $border; margin: 5px 4px; }
QMenu::indicator { width: ${tick}px; height: ${tick}px; margin-left: 4px; }
QMenu::indicator:checked { image: url("$menu_tick_icon"); }
QMenu::icon { padding-left: 6px; }
QMenuBar { background: $window; border-bottom: 1px solid $border; }
QMenuBar::item { padding: 4px 9px; background: transparent; border-radius: 5px; }
QMenuBar::item:selected { background: $hover; }

QStatusBar { background: $window; border-top: 1px solid $border; }
QStatusBar::item { border: 0; }
QStatusBar QLabel { color: $muted; font-size: ${small}pt; padding: 0 4px; }
QPushButton[role="spent"] { background: transparent; border: 0; color: $muted; font-size: ${small}pt; padding: 0 4px;
  min-height: 0; }
QPushButton[role="spent"]:hover, QPushButton[role="spent"]:focus { color: $text; text-decoration: underline; }
QSplitter::handle { background: $border; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QSizeGrip { image: none; width: 0; height: 0; }
""")

_PADDING = re.compile(r"padding[\w-]*:[^;]+;")
_PX = re.compile(r"(\d+)px")


def stylesheet(tokens: Tokens, icons: Icons, mono: list[str], size_pt: float) -> str:
    """The style sheet for these tokens at this text size."""
    scale = size_pt / 10
    sheet = _TEMPLATE.substitute(
        {name: tokens.color(name) for name in color_names()},
        mono=", ".join(f'"{family}"' for family in mono),
        small=f"{size_pt * 0.92:.2f}",
        tiny=f"{size_pt * 0.84:.2f}",
        large=f"{size_pt * 1.35:.2f}",
        code=f"{size_pt * 0.96:.2f}",
        control=round(20 * scale),
        chip=round(18 * scale),
        icon=round(16 * scale),
        arrow=round(12 * scale),
        cross=round(10 * scale),
        off="dashed" if tokens.name.startswith("contrast") else "solid",
        tick=round(15 * scale),
        tickhalf=round(15 * scale / 2) + 1,
        tick_icon=icons.file("tick", tokens.on_accent),
        dot_icon=icons.file("dot", tokens.on_accent),
        menu_tick_icon=icons.file("tick", tokens.accent),
        close_icon=icons.file("close", tokens.muted),
        closed_icon=icons.file("chevron-right", tokens.muted),
        opened_icon=icons.file("chevron-down", tokens.muted),
    )
    return _PADDING.sub(lambda found: _PX.sub(lambda px: f"{round(int(px[1]) * scale)}px", found[0]), sheet)
