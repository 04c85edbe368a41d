# SPDX-License-Identifier: GPL-2.0-or-later
"""Finds characters that were broken on the way, without guessing what they were.

The published files of 2009 lost the byte 0x87 of the characters ㈱, ㎞ and their like (CP932 row 13). What follows
then reads as another character: ㈱スズキ begins with 潟X, ㈱日立 with 鞄, ㈱湘南 with 鰹ﾃ, and 60㎞ ends in q. The text
cannot be restored with certainty, so it is shown as it stands and named in the fix-list.
"""

from __future__ import annotations

import pandas as pd

# What ㈱ turns into: the byte 0x8A with the first byte of the character behind it.
_TELLTALE = "鞄潟鰹鰍轄劾褐渇竃且叶兜"
_PATTERNS = (
    r"[\ufffd\ue000-\uf8ff]",  # replacement and private-use characters
    r"[\u4e00-\u9fff][\uff61-\uff9f](?![\uff61-\uff9f])",  # one half-width katakana among kanji
    rf"(?:^|[,、])[{_TELLTALE}]",  # no firm's name begins so
    r"(?:^|[,、])[\u4e00-\u9fff][!-~\u0400-\u04ff]{1,2}[\u3040-\u9fff\uff00-\uff60]",  # kanji, stray letter, kanji
    r"\d[opqsu](?=[\u3040-\u9fff])",  # ㎜ ㎝ ㎞ ㎏ ㎡ behind a number
)
_BROKEN = "|".join(_PATTERNS)


def broken(texts: pd.Series[str]) -> pd.Series[bool]:
    """Whether each text shows signs of broken characters; missing text shows none.

    Examples
    --------
    >>> broken(pd.Series(["潟Xテップ", "日本精工", "新潟精密", None])).tolist()
    [True, False, False, False]
    """
    return texts.astype("object").str.contains(_BROKEN, regex=True, na=False).astype(bool)
