"""The fonts of printed documents, and text made safe for them without losing any of it silently.

A machine's own fonts would make documents differ, so all come from two packages (Noto, SIL Open Font
License). An archivable PDF must not hold a character without a glyph: what even these fonts lack is shown by
its number.
"""

from __future__ import annotations

import re
import unicodedata
from importlib.resources import files

_PACKAGES = ("manimgx_fonts", "manimgx_fonts_cjk")
_SCRIPTS = (
    "Arabic", "Hebrew", "Armenian", "Bengali", "Devanagari", "Ethiopic", "Georgian", "Gujarati", "Gurmukhi",
    "Kannada", "Khmer", "Lao", "Malayalam", "Myanmar", "Oriya", "Sinhala", "Tamil", "Telugu", "Thai",
)  # fmt: skip
_HAN = {"japanese": "JP", "korean": "KR", "cantonese": "HK", "traditional": "TC", "taiwan": "TC"}

_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060") | {chr(code) for code in range(0xFE00, 0xFE10)}
"""Joiners, places to break and variation selectors: they shape their neighbours and need no glyph."""
_LINE_ENDS = re.compile("\r\n|[\r\u2028\u2029]")
_LONG_WORD = re.compile("[!-\u024f\u0370-\u052f]{25,}")
"""In scripts that break lines between words only; to cut others would tear marks from their letters."""
_PIECE = re.compile(r".{12}(?=.)", re.DOTALL)

_NO_GLYPH = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


def font_folders() -> list[str]:
    """The folders of the font packages."""
    return [str(files(package)) for package in _PACKAGES]


def font_families(language: str) -> list[str]:
    """The families in the order in which a glyph is looked for; Han characters as the language forms them."""
    spoken = language.casefold()
    han = next((form for name, form in _HAN.items() if name in spoken), "SC")
    scripts = [f"Noto Sans {script}" for script in _SCRIPTS]
    return ["Noto Sans", *scripts, f"Noto Sans CJK {han}", "Noto Sans Symbols", "Noto Emoji"]


def showable(text: str, without_glyph: frozenset[str] = frozenset()) -> str:
    """Text as a document can show it: unprintable characters, and those without a glyph, as `[U+1F9F7]`.

    Direction overrides count as unprintable, since they would let a note show other than it reads. Words of
    25 characters or more get invisible places to break, so that they wrap instead of leaving the page.
    """
    if not (text.isascii() and text.isprintable()):
        text = _LINE_ENDS.sub("\n", text).replace("\t", "    ")
        text = "".join(ch if _is_shown(ch, without_glyph) else f"[U+{ord(ch):04X}]" for ch in text)
    return _LONG_WORD.sub(lambda word: _PIECE.sub("\\g<0>\u200b", word[0]), text)


def without_glyph_in(diagnostic: str) -> frozenset[str]:
    """The characters that a failed compilation found no glyph for, out of Typst's own account of it."""
    texts = (_ESCAPED.sub(lambda code: chr(int(code[1], 16)), text) for text in _NO_GLYPH.findall(diagnostic))
    return frozenset(ch for text in texts for ch in text if not ch.isascii())


def _is_shown(ch: str, without_glyph: frozenset[str]) -> bool:
    if ch in _INVISIBLE or ch == "\n":
        return ch not in without_glyph
    return ch not in without_glyph and unicodedata.category(ch) not in {"Cc", "Cf", "Cn", "Co", "Cs"}
