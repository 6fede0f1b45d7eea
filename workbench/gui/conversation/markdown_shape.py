"""The look of rendered Markdown: spacing between blocks, quiet code, light tables; and images as words."""

from typing import Any

from PySide6.QtGui import (
    QFont,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
    QTextTableCell,
    QTextTableCellFormat,
)

from workbench.gui.look.look import Look
from workbench.viewmodels.shared.plain import visible

CODE_PAD = 9


class MarkdownShape:
    """Shapes what was inserted into one document."""

    def __init__(self, document: QTextDocument, look: Look) -> None:
        self._document = document
        self._look = look

    def close_up(self, start: int, markdown: str) -> None:
        """Qt forgets that the first line of a code fence is code, and leaves an empty line above a list."""
        block = self._document.findBlock(start)
        if markdown.startswith(("```", "~~~")) and not is_code(block):
            code = block.blockFormat()
            code.setProperty(QTextFormat.Property.BlockCodeFence, markdown[0])
            QTextCursor(block).setBlockFormat(code)
        elif not block.text() and block.textList() is None and block.next().textList() is not None:
            cursor = QTextCursor(block)
            cursor.deleteChar()

    def disarm(self, start: int) -> None:
        """Images become words: nothing is ever fetched, but everybody sees that an image was there."""
        found: list[tuple[int, str]] = []
        block = self._document.findBlock(start)
        while block.isValid():
            for fragment in _fragments(block):
                shape = fragment.charFormat()
                if shape.isImageFormat():
                    image = shape.toImageFormat()
                    found.append((fragment.position(), f"[image: {visible(image.name())}]"))
            block = block.next()
        for position, words in reversed(found):
            cursor = QTextCursor(self._document)
            cursor.setPosition(position)
            cursor.deleteChar()
            plain = QTextCharFormat()
            plain.setForeground(self._look.color("muted"))
            cursor.insertText(words, plain)

    def shape(self, start: int, end: int) -> None:
        """Spacing between blocks, quiet code, light tables."""
        block = self._document.findBlock(start)
        if is_code(block) and is_code(block.previous()):
            block = block.previous()  # it is not the last line of its code anymore
        tables: dict[int, QTextTable] = {}
        while block.isValid() and block.position() <= end:
            table = QTextCursor(block).currentTable()
            if table is not None:
                tables[table.firstPosition()] = table
            self._shape_block(block, in_table=table is not None)
            block = block.next()
        for table in tables.values():
            self._shape_table(table)

    def _shape_block(self, block: QTextBlock, *, in_table: bool) -> None:
        cursor = QTextCursor(block)
        shape = block.blockFormat()
        in_code = is_code(block)
        if in_code:
            pad = self._look.px(CODE_PAD)
            shape.setLeftMargin(pad)
            shape.setRightMargin(pad)
            shape.setTopMargin(0 if is_code(block.previous()) else pad)
            shape.setBottomMargin(0 if is_code(block.next()) else 2 * pad)
            shape.setNonBreakableLines(False)
        elif not in_table:
            heading = shape.headingLevel()
            tight = block.textList() is not None
            shape.setTopMargin(self._look.px(10 if heading else 0))
            shape.setBottomMargin(self._look.px(2 if tight else 6))
            shape.setLineHeight(118, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        cursor.setBlockFormat(shape)
        self._shape_words(block, in_code=in_code)

    def _shape_words(self, block: QTextBlock, *, in_code: bool) -> None:
        heading = block.blockFormat().headingLevel()
        for fragment in _fragments(block):
            shape = fragment.charFormat()
            change = QTextCharFormat()
            if in_code or shape.fontFixedPitch():
                change.setFontFamilies(self._look.mono().families())
                change.setFontPointSize(self._look.size_pt(0.94))
                if not in_code:
                    change.setBackground(self._look.color("hover"))
            elif heading:
                change.setFontPointSize(self._look.size_pt({1: 1.35, 2: 1.2, 3: 1.08}.get(heading, 1.0)))
                change.setFontWeight(QFont.Weight.DemiBold)
            if shape.isAnchor():
                change.setForeground(self._look.color("accent"))
            if change.propertyCount():
                cursor = QTextCursor(self._document)
                cursor.setPosition(fragment.position())
                cursor.setPosition(fragment.position() + fragment.length(), QTextCursor.MoveMode.KeepAnchor)
                cursor.mergeCharFormat(change)

    def _shape_table(self, table: QTextTable) -> None:
        shape = table.format()
        shape.setBorderCollapse(True)
        shape.setBorder(0)
        shape.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_None)
        shape.setCellSpacing(0)
        shape.setTopMargin(self._look.px(6))
        shape.setBottomMargin(self._look.px(8))
        shape.setWidth(QTextLength())
        table.setFormat(shape)
        for row in range(table.rows()):
            for column in range(table.columns()):
                self._shape_cell(table.cellAt(row, column), is_head=row == 0)

    def _shape_cell(self, cell: QTextTableCell, *, is_head: bool) -> None:
        shape = QTextTableCellFormat(cell.format().toTableCellFormat())
        shape.setPadding(self._look.px(5))
        shape.setLeftPadding(self._look.px(9))
        shape.setRightPadding(self._look.px(9))
        shape.setBorder(1)
        shape.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        shape.setBorderBrush(self._look.color("border_strong"))
        if is_head:
            shape.setBackground(self._look.color("sunken"))
        cell.setFormat(shape)


def is_code(block: QTextBlock) -> bool:
    """Whether the block is a line of code."""
    shape = block.blockFormat()
    return block.isValid() and (
        shape.hasProperty(QTextFormat.Property.BlockCodeLanguage)
        or shape.hasProperty(QTextFormat.Property.BlockCodeFence)
    )


def _fragments(block: QTextBlock) -> list[Any]:
    found = []
    walker = block.begin()
    while not walker.atEnd():
        fragment = walker.fragment()
        if fragment.isValid():
            found.append(fragment)
        walker += 1
    return found
