"""People's text on the screen: as it is written, never as markup, and never as orders to the terminal."""

from __future__ import annotations

import re

from rich.text import Text

from casemgr.core.text import STEERING

_BREAKS = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_UNSEEN = re.compile(f"[\x00-\x08\x0e-\x1b\x1f{STEERING}\ud800-\udfff]")
"""Control characters, marks that turn the direction of what follows, and halves of characters."""


def shown(text: str) -> str:
    """Text in one line, with a visible sign for whatever would steer the terminal or turn the line round."""
    return _UNSEEN.sub("�", _BREAKS.sub(" ⏎ ", text).replace("\t", " "))


def cell(text: str, style: str = "", right: bool = False) -> Text:
    """People's text as a table's cell, cut with an ellipsis where it is too long."""
    return Text(
        shown(text), style, justify="right" if right else "left", overflow="ellipsis", no_wrap=True, end=""
    )


def typeable(text: str) -> str:
    """Text for a line that is typed: blanks for breaks and tabs, and nothing that steers the terminal."""
    return _UNSEEN.sub("", _BREAKS.sub(" ", text).replace("\t", " "))


def typeable_lines(text: str) -> str:
    """Text for several lines that are typed: breaks stay, blanks for tabs, and nothing that steers."""
    return _UNSEEN.sub("", _BREAKS.sub("\n", text).replace("\t", " "))
