# SPDX-License-Identifier: GPL-2.0-or-later
"""How a state looks in maps and charts: colour, hatch and letter say the same."""

from __future__ import annotations

# fill, hatch and letter of each state; light fills, so that what is printed over them stays readable
STYLES = {
    "depleted": ("#b08cc4", "xxx", "×"),
    "too_late": ("#ef8472", "////", "A"),
    "start_now": ("#fdbf7f", "\\\\\\", "B"),
    "time_left": ("#fef0b8", "...", "C"),
    "not_within_horizon": ("#9ecae1", "", "D"),
    "no_data": ("#ffffff", "--", "?"),
}
