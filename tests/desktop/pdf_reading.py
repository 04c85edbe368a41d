# SPDX-License-Identifier: GPL-2.0-or-later
"""Just enough of PDF to read what Qt writes: the texts of the pages, and the fonts that are embedded."""

from __future__ import annotations

import itertools
import re
import unicodedata
import zlib
from pathlib import Path

_OBJECT = re.compile(rb"(\d+) 0 obj\s(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*)endstream", re.DOTALL)
_SHOWN = re.compile(rb"/(F\d+) [\d.]+ Tf|<([0-9a-fA-F]+)> Tj|(ET)")
_RANGE = re.compile(rb"<(\w{4})> <(\w{4})> (?:\[(.*?)\]|<(\w{4})>)", re.DOTALL)


class Pdf:
    """A PDF that Qt wrote.

    Digits after Latin letters have glyphs that Qt gives no letter for; they are read as \\ufffd.
    """

    def __init__(self, path: Path) -> None:
        self._objects = {int(number): body for number, body in _OBJECT.findall(path.read_bytes())}
        self._letters = {
            f"F{number}": self._letters_of(body) for number, body in self._objects.items() if b"/ToUnicode" in body
        }

    def pages(self) -> list[str]:
        """Text of each page without spaces and line breaks, compatibility forms made plain."""
        return [self._text(body) for body in self._objects.values() if b"/Type /Page\n" in body]

    def embedded_fonts(self) -> set[str]:
        """Names of the fonts whose glyphs are in the file."""
        described = (body for body in self._objects.values() if b"/FontFile" in body)
        return {re.search(rb"/FontName /(?:\w+\+)?([\w-]+)", body)[1].decode() for body in described}

    def fonts(self) -> set[str]:
        """Names of the fonts that are used."""
        used = (re.search(rb"/BaseFont /(?:\w+\+)?([\w-]+)", body) for body in self._objects.values())
        return {name[1].decode() for name in used if name}

    def _text(self, page: bytes) -> str:
        font, letters = "", []
        for name, glyphs, _ in _SHOWN.findall(self._stream(_reference(page, b"Contents"))):
            font = name.decode() or font
            codes = [int(glyphs[start : start + 4], 16) for start in range(0, len(glyphs), 4)]
            letters += [self._letters[font].get(code, "\ufffd") for code in codes]
        return "".join(unicodedata.normalize("NFKC", "".join(letters)).split())

    def _letters_of(self, font: bytes) -> dict[int, str]:
        found = {}
        for first, last, listed, start in _RANGE.findall(self._stream(_reference(font, b"ToUnicode"))):
            glyphs = range(int(first, 16), int(last, 16) + 1)
            codes = [int(code, 16) for code in re.findall(rb"<(\w+)>", listed)]
            found |= dict(zip(glyphs, map(chr, codes or itertools.count(int(start or b"0", 16))), strict=False))
        return found

    def _stream(self, number: int) -> bytes:
        body = self._objects[number]
        content = _STREAM.search(body)[1]
        return zlib.decompress(content) if b"/FlateDecode" in body else content


def _reference(body: bytes, key: bytes) -> int:
    return int(re.search(rb"/" + key + rb" (\d+)", body)[1])
