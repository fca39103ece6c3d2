"""Inputs made of sound ones by chance: what is done where coverage cannot guide, and in the tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

MOST = 200_000
"""Bytes of an input."""
WORDS = (
    b"", b"\0", b"\xff", b"\x1b[2J", b"\xe2\x80\xae", b"\xed\xa0\x80", b"\xc2\x9b31m", b"\xe2\x80\xa8",
    b"0", b"-1", b"1e999999", b"NaN", b"inf", b"9" * 5_000, b"a" * 21_000, b"[" * 2_000, b"{" * 2_000,
    b'{"a":' * 500, b"=1+1", b'"', b"'", b",", b";", b"\r", b"\n", b"\t", b"~", b"*", b":", b"!", b"=>", b"#",
    b"/", b"../", b"12/31/9999", b"0/0/0", b"29 Feb", b"<!ENTITY a 'b'>", b"&a;", b"</", b"]]>",
    b'r="XFD1048576"', b'table:number-rows-repeated="99999999"', b"\xef\xbb\xbf", b"\xff\xfe", b"PK\x05\x06",
    b"ISA", b"SE*1*0001", b"CLP*1*1*1*1", "\uff19".encode(), "\u0130".encode(), "\ufb03".encode(),
)  # fmt: skip


def mutated(data: bytes, chance: Random, other: bytes = b"") -> bytes:
    """Bytes changed in a few places, or crossed with others."""
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 3, 5, 8))):
        at = chance.randrange(len(out) + 1)
        end = min(len(out), at + chance.choice((1, 2, 4, 16, 200)))
        match chance.randrange(8):
            case 0 if at < len(out):
                out[at] ^= 1 << chance.randrange(8)
            case 1 if at < len(out):
                out[at] = chance.randrange(256)
            case 2:
                out[at:at] = chance.choice(WORDS)
            case 3:
                out[at:end] = chance.choice(WORDS)
            case 4:
                del out[at:end]
            case 5:
                out[at:at] = out[at:end] * chance.choice((1, 2, 50))
            case 6 if other:
                begin = chance.randrange(len(other))
                out[at:end] = other[begin : begin + chance.choice((4, 64, 2_000))]
            case _:
                del out[at if chance.random() < 0.2 else len(out) :]
    return bytes(out[:MOST])
