"""How our workbooks look: one restrained set of styles, page set-up and headings for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties

from casemgr.core.text import tidy
from casemgr.documents.cells import NUMBER_FORMATS
from casemgr.documents.package import style_id

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

NUMERIC = frozenset({"integer", "minutes", "days", "money", "balance", "number"})
"""Formats that stand at the right of their column, heading and all."""

PAPER = {"letter": 1, "tabloid": 3, "legal": 5, "a3": 8, "a4": 9}
"""Excel's numbers for paper sizes."""

_INK, _QUIET, _ALARM, _GOOD = "1F2D3D", "5B6B7B", "9B1C1C", "2F6B46"
_LINE, _HAIR = Side("thin", "8CA0B3"), Side("hair", "B8C4CF")
_HEADING_FILL = PatternFill("solid", fgColor="E4EBF2")
_TOTAL_FILL = PatternFill("solid", fgColor="F4F7FA")
_MARK_FILL = PatternFill("solid", fgColor="FBE0DE")
_BLANK_FILL = PatternFill("solid", fgColor="FFF8E1")
_LONGEST_HEADER = 100
"""Excel allows 255 characters for the three parts of a page header together."""


class Looks:
    """The styles of one workbook, each by the number that its cells name it by."""

    def __init__(self, sheet: Worksheet) -> None:
        """Any sheet of the workbook will do: styles belong to the workbook."""
        self._sheet = sheet
        self._bodies: dict[tuple[str, bool, PatternFill | None], int] = {}

    def body(self, kind: str, *, wrap: bool = False, marked: bool = False) -> int:
        """A cell in a table; `kind` is a key of NUMBER_FORMATS."""
        return self._body(kind, wrap, _MARK_FILL if marked else None)

    def blank(self, kind: str, *, wrap: bool = False) -> int:
        """An empty cell in a table that somebody is to fill in."""
        return self._body(kind, wrap, _BLANK_FILL)

    def _body(self, kind: str, wrap: bool, fill: PatternFill | None) -> int:
        known = self._bodies.get((kind, wrap, fill))
        if known is None:
            known = self._bodies[kind, wrap, fill] = style_id(
                self._sheet,
                NUMBER_FORMATS[kind],
                fill=fill,
                border=Border(bottom=_HAIR),
                alignment=_aligned(kind, vertical="top", wrap_text=wrap),
            )
        return known

    def heading(self, kind: str = "text", *, filtered: bool = False) -> int:
        """A column's heading, on the side where its values stand but clear of a filter's button."""
        side = _aligned(kind, wrap_text=True)
        if filtered and kind in NUMERIC:
            side = Alignment("right", "bottom", indent=2, wrap_text=True)
        return style_id(
            self._sheet,
            font=_font(bold=True),
            fill=_HEADING_FILL,
            border=Border(bottom=_LINE),
            alignment=side,
        )

    def total(self, kind: str = "text") -> int:
        """A cell of the row of totals."""
        return style_id(
            self._sheet,
            NUMBER_FORMATS[kind],
            font=_font(bold=True),
            fill=_TOTAL_FILL,
            border=Border(top=_LINE),
            alignment=_aligned(kind),
        )

    def plain(self, kind: str) -> int:
        """A cell outside tables."""
        return style_id(self._sheet, NUMBER_FORMATS[kind], alignment=Alignment(vertical="top"))

    def title(self) -> int:
        """The title on a sheet that is read rather than filtered."""
        return style_id(self._sheet, font=_font(bold=True, size=16))

    def label(self) -> int:
        """The name of a fact, left of it."""
        return style_id(self._sheet, font=_font(color=_QUIET))

    def fact(self) -> int:
        """A fact, and the verdict that conditional formatting colours."""
        return style_id(self._sheet, "@", font=_font(), alignment=Alignment(horizontal="left"))

    def check(self) -> int:
        """Whether two figures agree."""
        return style_id(
            self._sheet, font=_font(), border=Border(bottom=_HAIR), alignment=_aligned("text", "top")
        )

    def reason(self) -> int:
        """Why something was refused."""
        return style_id(
            self._sheet,
            "@",
            font=_font(color=_ALARM),
            border=Border(bottom=_HAIR),
            alignment=Alignment(vertical="top", wrap_text=True),
        )

    def origin(self) -> int:
        """A mark that is for casemgr rather than for people."""
        return style_id(
            self._sheet,
            "@",
            font=_font(color=_QUIET),
            border=Border(bottom=_HAIR),
            alignment=Alignment(vertical="top"),
        )


def colour_verdicts(sheet: Worksheet, cells: str, first: str) -> None:
    """Show cells that begin with `differ` as alarming and those that begin with `agree` as good.

    Args:
        sheet: the sheet.
        cells: the range.
        first: its upper left cell.
    """
    alarming = DifferentialStyle(font=Font(bold=True, color=_ALARM), fill=PatternFill(bgColor="FBE0DE"))
    good = DifferentialStyle(font=Font(color=_GOOD))
    for word, style in (("differ", alarming), ("agree", good)):
        rule = Rule("expression", dxf=style, formula=[f'LEFT({first},{len(word)})="{word}"'])
        sheet.conditional_formatting.add(cells, rule)


def set_up_page(
    sheet: Worksheet, *, left: str, center: str, right: str, foot: str, landscape: bool, paper: str = "letter"
) -> None:
    """Page set-up for print: fit to the width, as many pages as it takes; headers name no patient."""
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.paperSize = PAPER[paper]
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.7, bottom=0.6, header=0.3, footer=0.3)
    header, footer = HeaderFooterItem(), HeaderFooterItem()
    header.left.text, header.center.text, header.right.text = map(_header_text, (left, center, right))
    footer.left.text = _header_text(foot)
    footer.center.text, footer.right.text = "Contains patient information", "Page &P of &N"
    sheet.oddHeader, sheet.oddFooter = header, footer


def _header_text(text: str) -> str:
    """Text for a page header, where & starts a code."""
    return tidy(text)[:_LONGEST_HEADER].replace("&", "&&")


def _font(color: str = _INK, *, size: int = 11, bold: bool = False) -> Font:
    return Font("Calibri", size, bold=bold, color=color)


def _aligned(
    kind: str, vertical: Literal["top", "bottom"] = "bottom", *, wrap_text: bool = False
) -> Alignment:
    """Numbers at the right, with a little room to the text that may follow; all else at the left."""
    if kind in NUMERIC:
        return Alignment("right", vertical, indent=1, wrap_text=wrap_text)
    return Alignment("left", vertical, wrap_text=wrap_text)
