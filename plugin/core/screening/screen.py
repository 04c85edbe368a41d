# SPDX-License-Identifier: GPL-2.0-or-later
"""Sites held against rule profiles, piece by piece, with the evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import geopandas as gpd
import pandas as pd

from ..contracts import SITES, Table, validate
from ..progress import SILENT, Progress
from .cutting import DEFAULT_SLIVER_HA
from .profiles import Profile
from .screener import BLOCK, Screener, Screening
from .surroundings import Surroundings

_KEY = Table("sites", SITES.key, tuple(SITES[name] for name in SITES.key))


def screen(
    sites: gpd.GeoDataFrame,
    surroundings: Surroundings,
    profiles: Sequence[Profile],
    *,
    sliver_ha: float = DEFAULT_SLIVER_HA,
    progress: Progress = SILENT,
) -> Screening:
    """Say for each site and profile how many hectares are met, not met and undecidable.

    Parameters
    ----------
    sites : GeoDataFrame
        Contract `sites`, in any reference system.
    surroundings : Surroundings
        What they are held against; what is missing makes undecidable what needs it.
    profiles : sequence of Profile
        The rule profiles, in the order of the output.
    sliver_ha : float
        Hectares up to which a thin strip is a difference between data sets: no headline stands on it, and a corridor
        may cross its width of other ground. The hectares themselves are always as measured.
    progress : Progress
        Where to report, and who may cancel.

    Returns
    -------
    Screening
        The three hectares of a verdict add up to the area of the site; `sites` has the columns `<profile>_met_ha`,
        `<profile>_not_met_ha`, `<profile>_undecidable_ha` and `<profile>_headline`.

    Raises
    ------
    ContractError
        A table breaks its contract.
    ReconciliationError
        The pieces of a site do not add up to it within 0.01 ha.
    """
    progress.report(0.0)
    _refuse_repeated(sites)
    with Screener(surroundings.checked(), profiles, sliver_ha) as screener:
        progress.report(0.02, "surroundings checked")
        screened = screener.screen(sites, progress.part(0.02, 1.0))
    progress.report(1.0, "sites screened")
    return screened


def screen_blocks(
    sites: gpd.GeoDataFrame,
    surroundings: Surroundings,
    profiles: Sequence[Profile],
    *,
    sliver_ha: float = DEFAULT_SLIVER_HA,
    size: int = BLOCK,
    progress: Progress = SILENT,
) -> Iterator[tuple[Screening, Progress]]:
    """The same as `screen`, `size` sites at a time, so that memory does not grow with the results.

    Takes and raises what `screen` does; a fault in any row is told before the first block. The blocks are in the order
    of the sites, at least one, each with the reporter for what the caller does with it; the next is screened when it is
    asked for.
    """
    progress.report(0.0)
    _refuse_repeated(sites)
    blocks = [sites.iloc[start : start + size] for start in range(0, max(len(sites), 1), size)]
    checking, screening = progress.part(0.0, 0.05), progress.part(0.05, 1.0)
    for number, block in enumerate(blocks):
        validate(block, SITES)
        checking.report((number + 1) / len(blocks))
    with Screener(surroundings.checked(), profiles, sliver_ha) as screener:
        for number, block in enumerate(blocks):
            turn = screening.part(number / len(blocks), (number + 1) / len(blocks))
            yield screener.screen(block, turn.part(0.0, 0.5)), turn.part(0.5, 1.0)
            done = min((number + 1) * size, len(sites))
            turn.report(1.0, f"{done:,} of {len(sites):,} sites screened")


def _refuse_repeated(sites: pd.DataFrame) -> None:
    """Refuse sites of which two have one key, which no block would show by itself."""
    validate(sites[[name for name in SITES.key if name in sites]], _KEY)
