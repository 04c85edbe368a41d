# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes the embedded sample: a synthetic Japan on the real prefectures, whose sums are the published totals.

    scripts/run.sh python scripts/make_sample.py [FOLDER]

What is real: the prefectures (Natural Earth), the three projects that METI and the press name, and the cases of 2020
with the national hectares a case, from which the take-up of 2020 is derived. Everything else is drawn from a seed and
says `synthetic`: how land and the take-up of other years are spread over prefectures is an exercise and no estimate.
Sums of `available_ha` equal `resources/statistics/control_totals.csv` to 0.01 ha, and the prefectures' take-up of a
year the published national hectares; a few sites overlap on purpose, so that `counted_ha` is less.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from sample_ground import Ground, along

from yochi.plugin.core import contracts
from yochi.plugin.core.crs import JGD2011
from yochi.plugin.core.exports import ledger
from yochi.plugin.core.provenance import DERIVED, REPORTED, SYNTHETIC, UNKNOWN
from yochi.plugin.core.reconcile import rounded_together
from yochi.plugin.core.resources import FOLDER, code_list

SEED = 20241
BASE_YEAR = 2024
WORLD_MAP = Path("/usr/share/qgis/resources/data/world_map.gpkg")

ESTATES, WORKS, PROJECTS_A_YEAR = 600, 139, 30
TAKE_UP_YEARS = range(2019, BASE_YEAR)
CASES_YEAR = 2020  # the year of which the cases of every prefecture are published
TAKE_UP_SCATTER = 0.4  # of the synthetic years; Chiba's five published years scatter like that
PIPELINE_STARTS = range(BASE_YEAR - 3, BASE_YEAR + 6)
LEAD_TIME_YEARS = 4  # the likeliest of the 3 to 5 years that METI states
SOLD_OUT, SHORT, MIDDLE = 2, 11, 13  # prefectures with no stock, under 3 years of it, and 3 to 6 years
PARTNERED = 0.25  # share of the projects with a private partner
SOLD_OUT_ESTATES = 3  # in each of those: estates of which nothing is left
LEAST_COAST_M = 20_000  # on the main island; a shorter coast has no room for works
UNKNOWN_ESTATES = 5  # estates whose available area nobody has stated: in the sample, not in its totals
BESIDE_WORKS = {"idle_prepared": ("12", "23", "28"), "pipeline": ("22", "40")}  # first site there overlaps a works
ZONED = ("01", "12", "14", "23", "24", "27", "28", "33", "35", "40")
PORTS = ("12", "23", "28", "40")
ZONE_MARGINS_M = (100.0, 900.0)  # around a works: its own ground, or as far as the sea
WELLS_A_COAST = 6


def statistics(name: str) -> pd.DataFrame:
    """A table of published figures; codes stay text."""
    return pd.read_csv(FOLDER / "statistics" / f"{name}.csv", dtype={"pref_code": "str"})


def prefectures(world_map: Path) -> gpd.GeoDataFrame:
    """The 47 prefectures of QGIS's world map as planning areas, in JIS order."""
    where = "adm0_a3 = 'JPN'"
    drawn = pyogrio.read_dataframe(world_map, layer="states_provinces", columns=["name"], where=where)
    drawn["name_en"] = drawn.pop("name").str.normalize("NFD").str.replace("\N{COMBINING MACRON}", "")
    names = pd.DataFrame(code_list("prefectures")).rename(columns={"code": "area_code", "name_ja": "name"})
    areas = drawn.merge(names, on="name_en", validate="1:1").sort_values("area_code", ignore_index=True)
    areas["pref_code"], areas["level"], areas["basis"] = areas["area_code"], "prefecture", REPORTED
    kept = ["area_code", "name", "name_en", "level", "pref_code", "basis", "geometry"]
    return contracts.conform(areas[kept].to_crs(JGD2011), contracts.AREAS)


def take_up() -> pd.DataFrame:
    """Hectares taken up by prefecture and year; the prefectures of a year add up to the published national hectares."""
    cases = statistics("take_up_cases_2020_by_prefecture")
    rng = np.random.default_rng([SEED, 1])  # of its own, so that more years do not move the land
    national = statistics("take_up_national").set_index("year")
    return pd.concat([_taken_up(year, national.loc[year], cases, rng) for year in TAKE_UP_YEARS], ignore_index=True)


def _taken_up(year: int, national: pd.Series, cases: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The real cases of 2020 times the national hectares a case; in other years spread by those cases and by chance."""
    rows = pd.DataFrame({"area_code": cases["pref_code"], "year": year})
    if year == CASES_YEAR:
        rows["take_up_ha"] = (cases["cases"] * national["area_ha"] / national["cases"]).round(4)
        rows["cases"], rows["suppressed"], rows["basis"] = cases["cases"], "no", DERIVED
        return rows.assign(
            note=f"cases of the prefecture x national mean {national['area_ha']:.0f} ha / {national['cases']:.0f} "
            f"cases; METI 工場立地動向調査 {year}"
        )
    rows["take_up_ha"] = split(national["area_ha"], cases["cases"] * rng.lognormal(0, TAKE_UP_SCATTER, len(cases)))
    rows["cases"], rows["suppressed"], rows["basis"] = None, "no", SYNTHETIC
    return rows.assign(
        note=f"synthetic: the published national {national['area_ha']:.0f} ha of {year}, spread by the cases of "
        f"{CASES_YEAR} and by chance"
    )


def known_projects() -> pd.DataFrame:
    """The three real projects. No source draws them, so they have no geometry."""
    known = statistics("known_projects")
    return pd.DataFrame(
        {
            "site_id": [f"REAL-{code}-{number}" for number, code in enumerate(known["pref_code"], 1)],
            "name": known["name_ja"],
            "layer": known["layer"],
            "area_code": known["pref_code"],
            "pref_code": known["pref_code"],
            "gross_ha": known["area_ha"],
            "gross_basis": REPORTED,
            "available_ha": known["area_ha"],
            "available_basis": REPORTED,
            "status": ["under_development", "planned", "idle"],
            "stage": ["under_development", "planned", None],
            "partner": [None, "東急不動産、日本国土開発、丸紅", None],
            "developer": [None, "鳥栖市", None],
            "ready_year": known["ready_year"],
            "closed_year": [None, None, 2023],
            "consent": "public",
            "note": known["note"] + "; " + known["source"],
            "basis": REPORTED,
            "as_of": str(BASE_YEAR),
        }
    )


def split(total_ha: float, weights: np.ndarray) -> np.ndarray:
    """Share out hectares by weight so that the parts, to 0.01 ha, add up to the total exactly."""
    return rounded_together(total_ha * weights / weights.sum())


def stock_by_prefecture(rng: np.random.Generator, demand_ha: pd.Series, total_ha: float) -> pd.Series:
    """Synthetic stock, so many years of take-up for each prefecture, drawn so that every state occurs."""
    years = pd.Series(rng.uniform(8, 20, len(demand_ha)), index=demand_ha.index)
    order = sorted(rng.permutation(demand_ha.index[demand_ha > 4]), key=lambda code: demand_ha[code] > 12)
    few_cases = rng.permutation(demand_ha.index[demand_ha < 4])
    years[few_cases] = rng.uniform(45, 60, len(few_cases))
    years[few_cases[0]] = 0.0  # the prefecture whose estates are all of unknown area
    empty, rest = order[:SOLD_OUT], rng.permutation(order[SOLD_OUT:])
    short, middle = rest[:SHORT], rest[SHORT : SHORT + MIDDLE]
    years[empty], years[short], years[middle] = 0.0, rng.uniform(0.5, 2.8, SHORT), rng.uniform(3.2, 5.8, MIDDLE)
    stock = years * demand_ha
    free = rest[SHORT + MIDDLE :]
    stock[free] *= (total_ha - stock.drop(free).sum()) / stock[free].sum()
    return pd.Series(split(total_ha, stock.to_numpy()), index=stock.index)


def count_by_prefecture(number: int, ha: pd.Series) -> pd.Series:
    """How many sites each prefecture has: at least one where there is land, `number` altogether."""
    here = ha > 0
    counts = here.astype(int)
    counts[here] += (split((number - here.sum()) / 100, np.sqrt(ha[here].to_numpy())) * 100).round().astype(int)
    return counts


class Sample:
    """The synthetic sites and what they are screened against, drawn prefecture by prefecture."""

    def __init__(self, areas: gpd.GeoDataFrame, demand_ha: pd.Series) -> None:
        self.rng = np.random.default_rng(SEED)
        self.stage_rng = np.random.default_rng([SEED, 2])  # of its own, so that stages do not move the land
        self.names = areas.set_index("area_code")["name"]
        self.demand_ha = demand_ha
        self.grounds = {code: Ground(areas, code, self.rng) for code in areas["area_code"]}
        self.totals = statistics("control_totals").set_index("id")["value"]
        self.sites: list[dict[str, object]] = []

    def draw(self) -> dict[str, gpd.GeoDataFrame]:
        """All synthetic tables."""
        known = known_projects().groupby("layer")["available_ha"].sum()
        self._draw_works(self.totals["potential_former_heavy"] - known["former_heavy"])
        self._draw_estates(self.totals["stock_idle_prepared"])
        self._draw_projects(self.totals["flow_new_development"])
        return {
            "sites": _conformed(self.sites, contracts.SITES),
            "zones": _conformed(self._zones(), contracts.ZONES),
            "port_zones": _conformed(self._port_zones(), contracts.PORT_ZONES),
            "coastline": _conformed(self._coastline(), contracts.COASTLINE),
            "reclaimed": _conformed(self._reclaimed(), contracts.RECLAIMED),
            "wells": _conformed(self._wells(), contracts.WELLS),
            "designations": _conformed(self._designations(), contracts.DESIGNATIONS),
        }

    def _draw_works(self, total_ha: float) -> None:
        coast_m = pd.Series({code: ground.coast_m for code, ground in self.grounds.items()})
        coastal = coast_m.index[coast_m > LEAST_COAST_M]
        weights = np.sqrt(coast_m[coastal].to_numpy()) * self.rng.lognormal(0, 0.6, len(coastal))
        ha = pd.Series(split(total_ha, weights), index=coastal)
        counts = count_by_prefecture(WORKS, ha)
        for code in coastal:
            for number, site_ha in enumerate(self._sizes(ha[code], counts[code], spread=0.4), 1):
                self._add(
                    "former_heavy", "H", "跡地", code, number, self.grounds[code].works(site_ha),
                    gross_ha=site_ha, available_ha=site_ha, status="idle", coastal="yes",
                    closed_year=int(self.rng.integers(1985, 2024)), owner_class="private",
                    industry_class=self._pick(["22", "16", "17", None], [0.4, 0.25, 0.15, 0.2]),
                    public_entry=self._pick(["no", "yes", None], [0.6, 0.1, 0.3]),
                    soil_leaves_site=self._pick(["no", "yes", None], [0.4, 0.1, 0.5]),
                )  # fmt: skip

    def _draw_estates(self, total_ha: float) -> None:
        ha = stock_by_prefecture(self.rng, self.demand_ha, total_ha)
        for code, count in count_by_prefecture(ESTATES, ha).items():
            for number, site_ha in enumerate(self._sizes(ha[code], count, spread=0.7), 1):
                self._add_estate(code, number, site_ha)
        for code in ha.index[ha == 0]:
            unknown = self.demand_ha[code] < 4
            for number in range(1, 1 + (UNKNOWN_ESTATES if unknown else SOLD_OUT_ESTATES)):
                self._add_estate(code, number, None if unknown else 0.0)

    def _add_estate(self, code: str, number: int, available_ha: float | None) -> None:
        gross_ha = round((available_ha or 10.0) / self.rng.uniform(0.35, 1.0), 2)
        self._add(
            "idle_prepared", "I", "団地", code, number, self._shape("idle_prepared", code, number, gross_ha),
            gross_ha=gross_ha, available_ha=available_ha, status="in_use" if available_ha == 0 else "for_sale",
            coastal=self._pick(["yes", "no", "unknown"], [0.2, 0.7, 0.1]),
            zone=self._pick(["exclusive_industrial", "industrial", "quasi_industrial", "unzoned", None]),
            price_yen_m2=float(self.rng.integers(80, 450) * 100),
            owner_class=self._pick(["public", "private", "mixed"], [0.7, 0.2, 0.1]),
        )  # fmt: skip

    def _draw_projects(self, flow_ha: float) -> None:
        """New development: each year's starts are what becomes ready four years on, real projects included."""
        known = known_projects().dropna(subset="ready_year").query("layer == 'pipeline'")
        weights = (self.demand_ha * self.rng.lognormal(0, 0.5, len(self.demand_ha))).to_numpy()
        numbers = dict.fromkeys(self.demand_ha.index, 0)
        for start in PIPELINE_STARTS:
            reported_ha = known.loc[known["ready_year"] == start + LEAD_TIME_YEARS, "available_ha"].sum()
            codes = self.rng.choice(self.demand_ha.index, PROJECTS_A_YEAR, p=weights / weights.sum())
            for code, site_ha in zip(
                codes, self._sizes(flow_ha - reported_ha, PROJECTS_A_YEAR, spread=0.5), strict=True
            ):
                numbers[code] += 1
                self._add_project(code, numbers[code], start, site_ha)

    def _add_project(self, code: str, number: int, start: int, available_ha: float) -> None:
        begun = start <= BASE_YEAR
        gross_ha = round(available_ha / self.rng.uniform(0.6, 0.85), 2)
        stage, entered = self._stage(start)
        self._add(
            "pipeline", "P", "造成", code, number, self._shape("pipeline", code, number, gross_ha),
            gross_ha=gross_ha, available_ha=available_ha, start_year=start,
            status="under_development" if begun else "planned",
            ready_year=start + LEAD_TIME_YEARS if begun else None,
            completion_probability=None if begun else round(self.rng.uniform(0.75, 0.98), 2),
            owner_class="public", stage=stage, stage_entered_year=entered,
            partner=f"合成 事業者 {self.stage_rng.integers(1, 6)}" if self.stage_rng.random() < PARTNERED else None,
            developer=f"合成 {self.names[code]} 公社",
        )  # fmt: skip

    def _stage(self, start: int) -> tuple[str, int]:
        """Stage of a project that begins then, and the year in which it entered it."""
        if start <= BASE_YEAR:
            return "under_development", start
        ahead = start - BASE_YEAR
        stages = ("land_acquisition", "planned", "planned", "concept", "concept")
        return stages[min(ahead, len(stages)) - 1], BASE_YEAR - int(self.stage_rng.integers(0, 3))

    def _shape(self, layer: str, code: str, number: int, gross_ha: float) -> shapely.Polygon:
        if number == 1 and code in BESIDE_WORKS[layer]:
            return self.grounds[code].beside(gross_ha, next(shape for _, shape in self._works((code,))))
        return self.grounds[code].estate(gross_ha)

    def _add(
        self, layer: str, letter: str, kind: str, code: str, number: int, shape: shapely.Polygon, **columns: object
    ) -> None:
        available = columns["available_ha"]
        self.sites.append(
            {
                "site_id": f"SYN-{code}-{letter}-{number:03d}",
                "name": f"合成 {self.names[code]} {kind} {number:02d}",
                "layer": layer,
                "area_code": code,
                "pref_code": code,
                "gross_basis": SYNTHETIC,
                "available_basis": UNKNOWN if available is None else SYNTHETIC,
                "consent": self._pick(["public", "consented", "internal", None], [0.5, 0.2, 0.1, 0.2]),
                "basis": SYNTHETIC,
                "as_of": str(BASE_YEAR),
                "note": "synthetic",
                **columns,
                "geometry": self.grounds[code].in_jgd2011(shape),
                "shape": shape,
            }
        )

    def _sizes(self, total_ha: float, number: int, *, spread: float) -> np.ndarray:
        return split(total_ha, self.rng.lognormal(0, spread, number)) if number else np.array([])

    def _pick(self, options: list[str | None], chances: list[float] | None = None) -> str | None:
        return options[self.rng.choice(len(options), p=chances)]

    def _zones(self) -> Iterator[dict[str, object]]:
        """Zoning around former works, so that sites meet, do not meet, and lie outside the data."""
        patterns = (
            (("exclusive_industrial", 0.0, 1.0),),
            (("exclusive_industrial", 0.0, 0.55), ("industrial", 0.55, 1.0)),
            (("exclusive_industrial", 0.0, 0.6),),
            (("industrial", 0.0, 0.4), ("quasi_industrial", 0.4, 1.0)),
            (),
        )
        taken: dict[str, shapely.Geometry] = {}
        for number, (code, shape) in enumerate(self._works(ZONED)):
            margin = ZONE_MARGINS_M[number % len(ZONE_MARGINS_M)]
            for zone, start, end in patterns[number % len(patterns)]:
                before = taken.get(code, shapely.Polygon())
                drawn = along(shape, start, end, margin).difference(before)
                taken[code] = before.union(drawn)
                yield {"zone": zone, "code_system": SYNTHETIC, **self._drawn(code, drawn)}

    def _port_zones(self) -> Iterator[dict[str, object]]:
        """Port districts over the seaward part of some former works; for some the 分区 is not known."""
        kinds = (("industrial", "yes"), ("commercial", "no"), ("unknown", "unknown"))
        for number, (code, shape) in enumerate(self._works(PORTS)):
            bunku, ban = kinds[number % len(kinds)]
            port = f"合成 {self.names[code]} 港"
            district = along(shape, 0.0, 0.75, ZONE_MARGINS_M[0])
            yield {"port": port, "bunku": bunku, "ordinance_bans_housing": ban, **self._drawn(code, district)}

    def _coastline(self) -> Iterator[dict[str, object]]:
        """The whole coast of the main islands: what is loaded is taken as complete."""
        for code, ground in self.grounds.items():
            if not ground.coast.is_empty:
                yield self._drawn(code, ground.coast)

    def _reclaimed(self) -> Iterator[dict[str, object]]:
        """Reclaimed ground under every second former works, some of it of unknown date or act."""
        kinds = (("yes", "1968-04-01"), ("yes", "1981-06-01"), ("unknown", None), ("no", "1915-01-01"))
        for number, (code, shape) in enumerate(self._works(ZONED)):
            if number % 2 == 0:
                act, started_on = kinds[number // 2 % len(kinds)]
                name = f"合成 {self.names[code]} 埋立地 {number:02d}"
                ground = along(shape, 0.0, 1.0, ZONE_MARGINS_M[0])
                yield {"name": name, "by_reclamation_act": act, "started_on": started_on, **self._drawn(code, ground)}

    def _wells(self) -> Iterator[dict[str, object]]:
        for code, ground in self.grounds.items():
            for position in self.rng.uniform(0, ground.coast.length, WELLS_A_COAST if ground.coast_m else 0):
                point = shapely.line_interpolate_point(ground.coast, position)
                use = self._pick(["drinking", "other", "unknown"], [0.3, 0.5, 0.2])
                yield {"use": use, **self._drawn(code, point)}

    def _designations(self) -> Iterator[dict[str, object]]:
        """Ledger entries over part of some former works."""
        kinds = (("notification_required", "coastal_special"), ("notification_required", "general"))
        for number, (code, shape) in enumerate(self._works(ZONED)):
            if number % 3 == 0:
                kind, sub_type = kinds[number // 3 % len(kinds)]
                entry = along(shape, 0.1, 0.8, 0.0).intersection(shape)
                yield {"kind": kind, "sub_type": sub_type, "designated_on": "2019-04-01", **self._drawn(code, entry)}

    def _works(self, codes: tuple[str, ...]) -> Iterator[tuple[str, shapely.Polygon]]:
        for site in self.sites:
            if site["layer"] == "former_heavy" and site["area_code"] in codes:
                yield site["area_code"], site["shape"]

    def _drawn(self, code: str, shape: shapely.Geometry) -> dict[str, object]:
        return {"geometry": self.grounds[code].in_jgd2011(shape), "basis": SYNTHETIC}


def _conformed(rows: Iterable[dict[str, object]], contract: contracts.Table) -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame(list(rows), geometry="geometry", crs=JGD2011).drop(columns="shape", errors="ignore")
    key = contract.key[0]
    if key not in frame:
        frame.insert(0, key, [f"SYN-{contract.name}-{number:03d}" for number in range(1, len(frame) + 1)])
    return contracts.conform(frame, contract)


def make(world_map: Path = WORLD_MAP) -> dict[str, pd.DataFrame]:
    """All tables of the sample by name; the three real projects are the table `known_projects`."""
    areas, taken = prefectures(world_map), take_up()
    demand_ha = taken.groupby("area_code")["take_up_ha"].mean()
    drawn = Sample(areas, demand_ha).draw()
    return {"areas": areas, **drawn, "take_up": taken, "known_projects": known_projects()}


def write(tables: dict[str, pd.DataFrame], folder: Path) -> None:
    """Write the files that `study.toml` names."""
    ledger.write({"areas": tables["areas"]}, folder / "prefectures.gpkg")
    separate = ("areas", "take_up", "known_projects")
    ledger.write({name: table for name, table in tables.items() if name not in separate}, folder / "sample.gpkg")
    for name in ("take_up", "known_projects"):
        tables[name].to_csv(folder / f"{name}.csv", index=False, encoding="utf-8-sig", lineterminator="\n")


def main() -> None:
    """Make the sample where the command line says, by default where the plugin expects it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER / "sample")
    parser.add_argument("--world-map", type=Path, default=WORLD_MAP, help="QGIS's world_map.gpkg")
    arguments = parser.parse_args()
    write(make(arguments.world_map), arguments.folder)


if __name__ == "__main__":
    main()
