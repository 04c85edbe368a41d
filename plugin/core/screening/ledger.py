# SPDX-License-Identifier: GPL-2.0-or-later
"""Entries of the soil ledger (台帳, 法15条) put on the map: by their geometry, or by their lots joined to parcels.

Lots are as of the day of designation and are often `…の一部`, a part of unknown extent; what cannot be placed is kept
by name, because land elsewhere may be in it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from ..crs import JGD2011
from ..geometry import is_polygon

_PART = re.compile(r"[(（]?の?一部[)）]?$")
_RANGE = re.compile(r"から|まで|[~〜]")
_AND_OTHERS = re.compile(r"(?:(?:ほか|他|外)(?:\d+筆)?|等)$")
_LOT = re.compile(r"^(?P<district>.*?)(?P<lot>\d+(?:番地?)?(?:[の-]?\d+)*(?:番地?)?)$")
_KANJI_NUMBERS = {kanji: str(number) for number, kanji in enumerate("一二三四五六七八九", start=1)}
_TOWN_BLOCK = re.compile(r"([一二三四五六七八九]?)(十?)([一二三四五六七八九]?)丁目")


@dataclass(frozen=True, eq=False)
class Ledger:
    """The ledger as rows with a polygon each, a row a lot, and the rows of which something has no place.

    `placed` has the columns of `designations` and `extent` (`whole` or `part`).
    """

    placed: gpd.GeoDataFrame | None
    unplaced: pd.DataFrame
    loaded: bool


def place(designations: gpd.GeoDataFrame | None, parcels: gpd.GeoDataFrame | None) -> Ledger:
    """Place the entries of the ledger.

    Parameters
    ----------
    designations : GeoDataFrame or None
        Contract `designations`; None where no ledger is loaded.
    parcels : GeoDataFrame or None
        Contract `parcels`. A lot is found by its number and the end of its district; where parcels of several
        municipalities fit, each of them may be meant, so that the extent is a part.
    """
    if designations is None:
        return Ledger(None, pd.DataFrame(), loaded=False)
    drawn = is_polygon(designations.geometry)
    by_lot, unplaced = _by_lots(designations[~drawn], parcels)
    parts = [part for part in (designations[drawn].assign(extent="whole"), by_lot) if len(part)]
    placed = None
    if parts:
        # a row a lot: numbered, so that the order stays the same whatever the order of the parcels
        placed = gpd.GeoDataFrame(pd.concat([part.to_crs(JGD2011) for part in parts], ignore_index=True))
    return Ledger(placed, unplaced, loaded=True)


def _by_lots(entries: gpd.GeoDataFrame, parcels: gpd.GeoDataFrame | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows placed by their lots, and the rows of which a lot has no place."""
    named = entries.drop(columns="geometry")
    lots = pd.DataFrame(
        [(row, *lot) for row, text in entries["lots"].items() for lot in read_lots(text)],
        columns=["row", "district", "lot", "extent"],
    )
    if parcels is None or lots.empty:
        return pd.DataFrame(), named
    lots["asked"] = range(len(lots))
    pairs = lots[lots["lot"] != ""].merge(_parcels_of(parcels, lots), on=["district", "lot"])
    pairs = pairs[pairs["fit"] == pairs.groupby("asked")["fit"].transform("max")].sort_values(["asked", "parcel_id"])
    several = pairs.groupby("asked")["muni_code"].transform("nunique") > 1
    lost = lots.loc[~lots["asked"].isin(pairs["asked"]), "row"]
    placed = named.loc[pairs["row"]].assign(extent=pairs["extent"].mask(several, "part").to_numpy())
    geometry = gpd.GeoSeries(pairs["geometry"].to_numpy(), index=placed.index, crs=parcels.crs)
    return gpd.GeoDataFrame(placed, geometry=geometry), named[named.index.isin(lost) | ~named.index.isin(lots["row"])]


def _parcels_of(parcels: gpd.GeoDataFrame, lots: pd.DataFrame) -> pd.DataFrame:
    """Parcels in the districts that lots lie in, by district as the ledger has it; `fit`: how much of it they name."""
    spelled = {written: normal(written) for written in parcels["district"].dropna().unique()}
    fitting = [
        (written, asked, len(plain))
        for asked in lots["district"].unique()
        for written, plain in spelled.items()
        if plain and asked.endswith(plain)
    ]
    districts = pd.DataFrame(fitting, columns=["written", "district", "fit"])
    known = parcels[["parcel_id", "muni_code", "district", "lot", "geometry"]].rename(columns={"district": "written"})
    known = pd.DataFrame(known).merge(districts, on="written")
    return known.assign(lot=[lot_key(normal(lot)) for lot in known["lot"]])


def read_lots(text: object) -> list[tuple[str, str, str]]:
    """Districts, lots and extents (`whole` or `part`) that a ledger entry lists.

    A lot without a district lies in that of the lot before it. What a list cannot say (a range, "and three others")
    gives an entry without a lot, which has no place.

    Examples
    --------
    >>> read_lots("川崎区扇島１番地１、１番２の一部")
    [('川崎区扇島', '1-1', 'whole'), ('川崎区扇島', '1-2', 'part')]
    """
    found, district = [], ""
    for written in re.split(r"[、,;・]|及び|並びに", normal(text)) if isinstance(text, str) else ():
        alone = _AND_OTHERS.sub("", written)
        if alone != written:
            found.append((district, "", "part"))
        match = _LOT.match(_PART.sub("", alone))
        if match is None or _RANGE.search(alone):
            found += [(district, "", "part")] if alone else []
            continue
        district = match["district"] or district
        found.append((district, lot_key(match["lot"]), "part" if _PART.search(alone) else "whole"))
    return found


def normal(text: str) -> str:
    """Text of an address with one spelling for what has several: width, blanks, dashes, numbers of 丁目."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text.replace("\n", "、")))
    plain = re.sub(r"[‐‑‒–—―−ー](?=\d)", "-", plain)
    return _TOWN_BLOCK.sub(lambda found: f"{_number(*found.groups())}丁目", plain)


def _number(tens: str, ten: str, ones: str) -> str:
    if not ten:
        return _KANJI_NUMBERS.get(tens or ones, tens + ones)
    return str(10 * int(_KANJI_NUMBERS.get(tens, "1")) + int(_KANJI_NUMBERS.get(ones, "0")))


def lot_key(lot: str) -> str:
    """A lot as numbers joined by hyphens: `1番地2`, `1番の2` and `1-2` are one lot."""
    return "-".join(re.findall(r"\d+", lot))
