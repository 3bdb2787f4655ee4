"""What Markdown looks like here: Markdown says what things are, the page of design how they are drawn.

A document that was set from Markdown comes in, and is given the sizes, distances and colours of the theme.
"""

from __future__ import annotations

from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextLength,
    QTextListFormat,
    QTextOption,
    QTextTable,
)

from gui import style

# Noto Sans has room for Vietnamese marks above each line already.
LINE_PERCENT = 112
BULLETS = (QTextListFormat.Style.ListDisc, QTextListFormat.Style.ListCircle, QTextListFormat.Style.ListSquare)
BULLET = "•\t"
MOST_BULLETS = 100  # of one list; Qt takes seconds to part a thousand, as a stranger may write them
PICTURE = "\ufffc"  # what stands for a picture in a text of Qt


def dress(document: QTextDocument, family: str) -> None:
    """Dress all of `document`; `family` is the font of its text, in which keys are written too."""
    block = document.begin()
    while block.isValid():
        cursor = QTextCursor(block)
        level, quoted = block.blockFormat().headingLevel(), QTextBlockFormat.Property.BlockQuoteLevel.value
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        layout = QTextBlockFormat()
        if PICTURE not in block.text():
            layout.setLineHeight(LINE_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        if cursor.currentTable() is None:
            after_list = block.textList() is None and block.previous().textList() is not None
            layout.setTopMargin(style.LARGE if level > 1 else style.MEDIUM if after_list else 0)
            layout.setBottomMargin(style.TINY if block.textList() is not None else style.SMALL)
        if block.blockFormat().hasProperty(quoted):
            layout.setBackground(QColor(style.look.theme.warning_ground))
            layout.setLeftMargin(0)
            layout.setRightMargin(0)
        cursor.mergeBlockFormat(layout)
        if level:
            letters = cursor.charFormat()
            letters.clearProperty(QTextCharFormat.Property.FontSizeAdjustment.value)
            size = style.HEADING if level == 1 else style.LEAD
            letters.setProperty(QTextCharFormat.Property.FontPixelSize.value, size)
            cursor.setCharFormat(letters)
        _dress_keys(document, block, family)
        block = block.next()
    _part_bullets(document)
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            _dress_table(frame)


def _part_bullets(document: QTextDocument) -> None:
    """Qt writes a bullet so close to its text that they touch, and has no setting for it: here a tab parts them."""
    whole, block = QTextCursor(document), document.begin()
    whole.beginEditBlock()  # laid out once
    while block.isValid():
        bullets = block.textList()
        if bullets is not None and bullets.format().style() in BULLETS and bullets.count() <= MOST_BULLETS:
            bullets.remove(block)  # which leaves it where it stands
            cursor = QTextCursor(block)
            layout = QTextBlockFormat()
            layout.setTextIndent(-style.LARGE)
            layout.setTabPositions([QTextOption.Tab(style.LARGE, QTextOption.TabType.LeftTab)])
            cursor.mergeBlockFormat(layout)
            cursor.insertText(BULLET, QTextCharFormat())
        block = block.next()
    whole.endEditBlock()


def _dress_keys(document: QTextDocument, block: QTextBlock, family: str) -> None:
    """What is written as code is a key."""
    places, parts = [], block.begin()
    while not parts.atEnd():
        part = parts.fragment()
        if part.charFormat().fontFixedPitch():
            places.append((part.position(), part.position() + part.length()))
        parts += 1
    keys = QTextCharFormat()
    keys.setFontFamilies([family])
    keys.setFontFixedPitch(False)
    keys.setFontWeight(QFont.Weight.DemiBold)
    keys.setBackground(QColor(style.look.theme.brand_soft))
    keys.setForeground(QColor(style.look.theme.ink))
    cursor = QTextCursor(document)
    for start, end in places:
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        cursor.mergeCharFormat(keys)


def _dress_table(table: QTextTable) -> None:
    titled = any(table.cellAt(0, column).firstCursorPosition().block().text() for column in range(table.columns()))
    if not titled:
        table.removeRows(0, 1)  # Markdown has no table without a head
    layout = table.format()
    layout.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    layout.setBorderCollapse(True)
    layout.setBorder(1)
    layout.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    layout.setBorderBrush(QBrush(QColor(style.look.theme.line)))
    layout.setCellPadding(style.TINY)
    layout.setTopMargin(style.SMALL)  # Qt leaves out the margin of what stands before it
    layout.setBottomMargin(style.MEDIUM)
    if table.columns() == 2:
        layout.setColumnWidthConstraints([QTextLength(QTextLength.Type.PercentageLength, share) for share in (30, 70)])
    table.setFormat(layout)
    for column in range(table.columns() if titled else 0):
        cell = table.cellAt(0, column)
        head = cell.format()
        head.setBackground(QColor(style.look.theme.background))
        cell.setFormat(head)
