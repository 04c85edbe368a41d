# SPDX-License-Identifier: GPL-2.0-or-later
"""What stands before a figure of the outlook that is only a bound, because a part of what it rests on is unknown."""

from __future__ import annotations

AT_LEAST, AT_MOST, NEITHER_BOUND = "≥ ", "≤ ", "≷ "
_OF_YEARS = {AT_LEAST: ("stock", "pipeline", "conversion"), AT_MOST: ("take_up",)}
"""What a part that is unknown makes of the years: with more land they come later, with more take-up earlier."""


def of_years(reason: str | None) -> str:
    """Sign before the years of a row of `outlook` with this reason; empty where they are no bound.

    Examples
    --------
    >>> of_years("stock_partly_unknown"), of_years("stock_partly_unknown; take_up_partly_unknown"), of_years(None)
    ('≥ ', '≷ ', '')
    """
    signs = [sign for sign, parts in _OF_YEARS.items() if any(_is_partial(part, reason) for part in parts)]
    return NEITHER_BOUND if len(signs) > 1 else "".join(signs)


def of_stock(reason: str | None) -> str:
    """Sign before the stock of a row of `outlook`, to which sites of unknown area would add."""
    return AT_LEAST if _is_partial("stock", reason) else ""


def of_take_up(reason: str | None) -> str:
    """Sign before the take-up of a row of `outlook`, to which suppressed parts would add."""
    return AT_LEAST if _is_partial("take_up", reason) else ""


def _is_partial(part: str, reason: object) -> bool:
    return isinstance(reason, str) and f"{part}_partly_unknown" in reason
