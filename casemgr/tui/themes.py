"""Two themes with one accent, one warning and one error: hierarchy comes from weight and space."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from textual.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Mapping

DARK = Theme(
    name="casemgr-dark",
    primary="#5fb3a8",
    secondary="#7a9cc6",
    accent="#5fb3a8",
    warning="#e0b060",
    error="#ef7f72",
    success="#8fbf7f",
    foreground="#d8dde0",
    background="#15191c",
    surface="#15191c",
    panel="#1f2529",
    dark=True,
    variables={
        "block-cursor-background": "#2d5954",
        "block-cursor-foreground": "#f2f6f5",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#242b30",
        "input-selection-background": "#5fb3a8 35%",
        "border-blurred": "#343d43",
        "border": "#5fb3a8",
        "scrollbar": "#3a454c",
        "scrollbar-hover": "#55646d",
        "scrollbar-active": "#5fb3a8",
        "scrollbar-background": "#1a1f23",
        "scrollbar-background-hover": "#1a1f23",
        "scrollbar-background-active": "#1a1f23",
        "scrollbar-corner-color": "#1a1f23",
        "footer-background": "#1f2529",
        "footer-key-foreground": "#5fb3a8",
    },
)

LIGHT = Theme(
    name="casemgr-light",
    primary="#0f6f66",
    secondary="#3b5f8a",
    accent="#0f6f66",
    warning="#8a5a00",
    error="#b3261e",
    success="#2f6b2f",
    foreground="#1d2427",
    background="#fbfaf7",
    surface="#fbfaf7",
    panel="#efede6",
    dark=False,
    variables={
        "block-cursor-background": "#cfe6e2",
        "block-cursor-foreground": "#10201e",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#eceae2",
        "input-selection-background": "#0f6f66 25%",
        "border-blurred": "#d3d0c6",
        "border": "#0f6f66",
        "scrollbar": "#cfccc2",
        "scrollbar-hover": "#b3afa2",
        "scrollbar-active": "#0f6f66",
        "scrollbar-background": "#f3f1eb",
        "scrollbar-background-hover": "#f3f1eb",
        "scrollbar-background-active": "#f3f1eb",
        "scrollbar-corner-color": "#f3f1eb",
        "footer-background": "#efede6",
        "footer-key-foreground": "#0f6f66",
        "footer-description-foreground": "#1d2427",
    },
)


def theme_for(wanted: str, environ: Mapping[str, str] = os.environ) -> str:
    """The theme for a setting: dark, light, or auto, which is dark unless the terminal says that it is light.

    Terminals that say anything name their colours in COLORFGBG, the background last: 7 and 15 are light.
    """
    if wanted == "auto":
        background = environ.get("COLORFGBG", "").rpartition(";")[2]
        return (LIGHT if background in {"7", "15"} else DARK).name
    return (LIGHT if wanted == "light" else DARK).name
