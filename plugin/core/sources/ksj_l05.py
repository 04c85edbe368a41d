# SPDX-License-Identifier: GPL-2.0-or-later
"""国土数値情報 工業用地 (L05, 2009): industrial estates (L05-1) and single factories (L05-2) of 10 ha and more.

The published table of fields is off by one from `_007`; the order here is that of the files. All values are text;
"0" in a column of areas means unknown as well as none, so that it is taken as unknown, and "999" firms means
unknown. A site in several parts stands in several rows that share an ID and repeat the whole site's figures.

Single factories go into the same layer as estates, since what counts of either is the prepared land that lies unused
(`_012`); their note says what they are.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from ..contracts import SITES, conform
from ..crs import JGD2000, area_ha
from ..provenance import UNKNOWN
from . import cells, ksj, shapes, zone_codes
from .broken_text import broken
from .reading import FixList, Reading, Request, conclude

FORMAT = "ksj-l05"
AS_OF = "2009"
AREA_TOLERANCE = 1.5
"""Factor by which stated and measured area may differ before it is worth a look (accuracy is 250 m)."""

_FIELDS = [f"L05_{number:03}" for number in range(1, 17)]
_TEXT = {"L05_001": "site_id", "L05_002": "name", "L05_003": "muni_code_stated", "L05_008": "developer"}
_PUBLISHED_TEXTS = ["L05_002", "L05_004", "L05_006", "L05_007", "L05_008", "L05_015", "L05_016"]
_COASTAL = {"1": "yes", "2": "no"}
_NO_FIRMS_KNOWN = "999"
_SOURCE_FACTS = {
    "title": "国土数値情報 工業用地データ (L05)",
    "publisher": "国土交通省",
    "edition": AS_OF,
    "licence": "国土数値情報ダウンロードサービス利用規約; 出典：国土数値情報（工業用地データ）（国土交通省）",
}


def fits(fields: list[str]) -> bool:
    """Whether a layer with these fields is L05."""
    return {"L05_001", "L05_003", "L05_012"} <= set(fields)


def read(request: Request) -> Reading:
    """Read estates or factories as `sites`, one row a site."""
    found = ksj.read_rows(request, FORMAT, fits, _FIELDS, assumed=JGD2000)
    request.progress.report(0.5, request.path.name)
    fixes = FixList(request.source_id)
    rows = found.frame
    single_factories = "L05_016" in found.fields
    parts = _identified(rows, fixes)
    whole = _merged(parts, fixes)
    sites = _sites(whole, fixes, request, single_factories=single_factories)
    _check_areas(sites, fixes)
    facts = {**_SOURCE_FACTS, "crs": found.crs, "note": _source_note(len(rows), len(sites), single_factories)}
    tables = {"sites": conform(sites, SITES)}
    return conclude(request, FORMAT, tables, {"sites": fixes}, rows_read=len(rows), facts=facts)


def _source_note(rows: int, sites: int, single_factories: bool) -> str:
    kind = "single factories (L05-2)" if single_factories else "industrial estates (L05-1)"
    return f"{kind}; {rows} rows are {sites} sites; an area of 0 is taken as unknown"


def _identified(rows: gpd.GeoDataFrame, fixes: FixList) -> gpd.GeoDataFrame:
    nameless = rows["L05_001"].isna()
    fixes.reject(rows.index[nameless], "L05_001", None, "has no ID", "give the site an ID")
    rows["geometry"] = shapes.polygons(rows.geometry, fixes, required=False)
    return rows[~nameless]


def _merged(parts: gpd.GeoDataFrame, fixes: FixList) -> gpd.GeoDataFrame:
    """One row a site: the first of its rows, with the parts of all of them."""
    repeated = parts.duplicated("L05_001")
    whole = parts[~repeated].copy()
    whole["geometry"] = shapes.union_by(parts, "L05_001").to_numpy()
    first_rows = pd.Series(whole.index, index=whole["L05_001"])
    others = parts[repeated]
    problems = [f"is a part of the site in row {row}; counted once" for row in first_rows[others["L05_001"]]]
    fixes.warn(others.index, "L05_001", others["L05_001"], problems, "nothing, if the parts are one site")
    stated = parts.drop(columns="geometry").fillna("")
    differing = repeated & stated.ne(stated.groupby(parts["L05_001"]).transform("first")).any(axis=1)
    problem = "differs from the first row of the same site, which is used"
    fixes.warn(parts.index[differing], "L05_001", parts.loc[differing, "L05_001"], problem, "check which row is right")
    return whole


def _sites(whole: gpd.GeoDataFrame, fixes: FixList, request: Request, *, single_factories: bool) -> gpd.GeoDataFrame:
    sites = whole[[*_TEXT, "geometry"]].rename(columns=_TEXT)
    for field in _PUBLISHED_TEXTS:
        texts = whole.loc[broken(whole[field]), field]
        fixes.warn(texts.index, field, texts, "has broken characters, kept as they are", "look the text up")
    sites["layer"] = "idle_prepared"
    sites["pref_code"] = sites["muni_code_stated"].str[:2]
    for field, name in (("L05_010", "gross"), ("L05_012", "available")):
        sites[f"{name}_ha"] = _hectares(whole[field], fixes)
        sites[f"{name}_basis"] = np.where(sites[f"{name}_ha"].isna(), UNKNOWN, request.basis)
    sites["status"] = np.where(sites["available_ha"].isna(), "unknown", "idle")
    sites["ready_year"] = _completion(whole["L05_009"], fixes)
    sites["coastal"] = whole["L05_005"].map(_COASTAL).fillna("unknown")
    sites["zone"] = _zone(whole["L05_013"], fixes)
    sites["industry"] = whole["L05_016"].fillna(whole["L05_015"])
    sites["note"] = _note(whole, single_factories=single_factories)
    return sites.assign(basis=request.basis, source_id=request.source_id, source_row=sites.index, as_of=AS_OF)


def _hectares(stated: pd.Series[str], fixes: FixList) -> pd.Series[float]:
    numbers, bad = cells.numbers(stated)
    bad |= numbers < 0
    fixes.warn(stated.index[bad], str(stated.name), stated[bad], "is not an area in hectares", "correct the figure")
    zero = numbers == 0
    remedy = "ask the municipality for the area"
    fixes.warn(stated.index[zero], str(stated.name), stated[zero], "0 may mean unknown and is taken so", remedy)
    return numbers.mask(bad | zero)


def _completion(stated: pd.Series[str], fixes: FixList) -> pd.Series[float]:
    years, bad = cells.years(stated.mask(stated.isin(["0", "9999"])))
    fixes.warn(stated.index[bad], str(stated.name), stated[bad], "is not a year", "correct the year")
    return years


def _zone(code: pd.Series[str], fixes: FixList) -> pd.Series[str]:
    alone = code.where(~code.str.contains(",", na=False), None)
    zone = zone_codes.zones(alone, FORMAT)
    unknown = alone.notna() & zone.isna()
    problem = f"is not a code of {FORMAT}; the zone is unknown"
    fixes.warn(code.index[unknown], str(code.name), code[unknown], problem, "look the use district up")
    return zone


def _note(whole: gpd.GeoDataFrame, *, single_factories: bool) -> pd.Series[str]:
    """What has no column of its own, in the words of the file."""
    firms = whole["L05_014"].mask(whole["L05_014"] == _NO_FIRMS_KNOWN)
    several = whole["L05_013"].where(whole["L05_013"].str.contains(",", na=False), None)
    industrial = whole["L05_011"].mask(whole["L05_011"] == "0")
    pieces = [
        pd.Series("単独工場" if single_factories else "", index=whole.index),
        ("用途地域コード " + several).fillna(""),
        ("工業用地 " + industrial + " ha").fillna(""),
        ("企業数 " + firms).fillna(""),
        ("地区 " + whole["L05_007"]).fillna(""),
        whole["L05_006"].fillna(""),
    ]
    return pd.concat(pieces, axis=1).apply(lambda row: "; ".join(filter(None, row)) or None, axis=1)


def _check_areas(sites: gpd.GeoDataFrame, fixes: FixList) -> None:
    """Warn where the area of the polygon is not the stated one."""
    measured = area_ha(sites)
    ratio = measured / sites["gross_ha"]
    off = (ratio > AREA_TOLERANCE) | (ratio < 1 / AREA_TOLERANCE)
    problems = [f"is stated, but the polygon has {hectares:.1f} ha" for hectares in measured[off]]
    fixes.warn(sites.index[off], "L05_010", sites.loc[off, "gross_ha"], problems, "check the area and the polygon")
