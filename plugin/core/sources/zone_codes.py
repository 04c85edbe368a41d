# SPDX-License-Identifier: GPL-2.0-or-later
"""Use districts in one vocabulary, whichever of the colliding code systems a file uses.

"12" is 工業専用地域 in 国土数値情報 A29 and 工業地域 in PLATEAU and the 不動産情報ライブラリ;
工業専用地域 is 13 there and 1 in L05. A code therefore means nothing without its system
(`resources/codes/zone_codes.csv`).
"""

from __future__ import annotations

import unicodedata

import pandas as pd

from ..errors import SourceError
from ..resources import code_list, codes
from .cells import asked

NAME = "name"


def systems() -> list[str]:
    """The code systems that are known, `name` (names in Japanese) among them."""
    return list(dict.fromkeys(row["system"] for row in code_list("zone_codes")))


def zones(values: pd.Series[str], system: str) -> pd.Series[str]:
    """Yochi's zone of each code, or name, of a system.

    Parameters
    ----------
    values : Series of str
        Codes as text; for the system `name`, names in Japanese (第１種 and 第1種 are read as 第一種), or Yochi's own
        codes.
    system : str
        One of `systems()`.

    Returns
    -------
    Series of str
        On the same index; None where the code is missing or unknown. The caller reports the unknown ones.

    Raises
    ------
    SourceError
        The system is unknown.

    Examples
    --------
    >>> zones(pd.Series(["12"]), "ksj-a29").tolist(), zones(pd.Series(["12"]), "plateau-urf").tolist()
    (['exclusive_industrial'], ['industrial'])
    """
    known = {row["code"]: row["zone"] for row in code_list("zone_codes") if row["system"] == system}
    if not known:
        raise SourceError(f"The zoning code system {system!r} is unknown; use one of {', '.join(systems())}.")
    if system == NAME:
        known |= {code: code for code in codes("zones")}
        known |= {row["name_ja"]: row["code"] for row in code_list("zones")}
        known |= {row["name_en"].casefold(): row["code"] for row in code_list("zones")}
    return asked(values, lambda value: known.get(_spelling(value)))


def _spelling(value: str) -> str:
    plain = unicodedata.normalize("NFKC", str(value)).strip()
    return plain.replace("第1種", "第一種").replace("第2種", "第二種") if "第" in plain else plain.casefold()
