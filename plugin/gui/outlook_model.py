# SPDX-License-Identifier: GPL-2.0-or-later
"""The outlook of a ledger as a table for a view."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from qgis.PyQt.QtCore import QAbstractTableModel, QModelIndex, QSortFilterProxyModel, Qt

from ..core import bounds
from ..core.resources import code_list
from ..i18n import code_title, language, tr

UNKNOWN = "–"
_RIGHT = 0x0082  # AlignRight and AlignVCenter, as the number that the views of Qt 5 and of Qt 6 both take


@dataclass(frozen=True)
class _Column:
    name: str
    title: Callable[[], str]
    show: Callable[[object], str]
    is_number: bool = True
    sign: Callable[[str | None], str] = lambda reason: ""


def _hectares(value: object) -> str:
    return f"{value:,.1f}"


def _year(value: object) -> str:
    return f"{value:.1f}"


def _state(value: object) -> str:
    return next((code_title(row) for row in code_list("states") if row["code"] == value), str(value))


COLUMNS = (
    _Column("area", lambda: tr("Area"), str, is_number=False),
    _Column("state", lambda: tr("State"), _state, is_number=False),
    _Column("depletion_year", lambda: tr("Depletion\nyear"), _year, sign=bounds.of_years),
    _Column("start_by_3_year", lambda: tr("Start by\n(3 years)"), _year, sign=bounds.of_years),
    _Column("start_by_4_year", lambda: tr("Start by\n(4 years)"), _year, sign=bounds.of_years),
    _Column("start_by_5_year", lambda: tr("Start by\n(5 years)"), _year, sign=bounds.of_years),
    _Column("stock_ha", lambda: tr("Stock\n(ha)"), _hectares, sign=bounds.of_stock),
    _Column("take_up_ha_per_year", lambda: tr("Take-up\n(ha / year)"), _hectares, sign=bounds.of_take_up),
)


class OutlookModel(QAbstractTableModel):
    """Rows of `bridge.ledger.outlook_rows`; a value that is unknown shows as a dash, never as zero."""

    def __init__(self, rows=(), parent=None):
        super().__init__(parent)
        self._rows = list(rows)

    def set_rows(self, rows):
        """Show other rows."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent=QModelIndex()):  # noqa: B008  (Qt's own signature)
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent=QModelIndex()):  # noqa: B008
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section, orientation, role=Qt.ItemDataRole.DisplayRole):
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return COLUMNS[section].title()
        return None

    def data(self, index, role=Qt.ItemDataRole.DisplayRole):
        column = COLUMNS[index.column()]
        value = self._value(self._rows[index.row()], column)
        if role == Qt.ItemDataRole.DisplayRole:
            return UNKNOWN if value is None else column.sign(self._rows[index.row()].get("reason")) + column.show(value)
        if role == Qt.ItemDataRole.UserRole:
            return value
        if role == Qt.ItemDataRole.TextAlignmentRole and column.is_number:
            return _RIGHT
        return None

    def _value(self, row, column):
        if column.name == "area":
            english = row.get("name_en") if language() == "en" else None
            return english or row.get("name") or row["area_code"]
        return row.get(column.name)


class OutlookOrder(QSortFilterProxyModel):
    """Sorts by value, with what is unknown at the end either way."""

    def lessThan(self, left, right):
        a, b = left.data(Qt.ItemDataRole.UserRole), right.data(Qt.ItemDataRole.UserRole)
        if a is None or b is None:
            descending = self.sortOrder() == Qt.SortOrder.DescendingOrder
            return descending if a is None else not descending
        return a < b
