# SPDX-License-Identifier: GPL-2.0-or-later
"""What all pictures share: Japanese letters, figures without pyplot, and equal bytes for equal pictures."""

from __future__ import annotations

import io
import re
import warnings
from functools import lru_cache
from pathlib import Path
from unicodedata import east_asian_width

with warnings.catch_warnings():
    # where the system has a matplotlib of its own, this one finds that one's 3D axes, which are not used here
    warnings.filterwarnings("ignore", message="Unable to import Axes3D")
    from matplotlib import font_manager, patheffects, rc_context
    from matplotlib.axes import Axes
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch
    from matplotlib.text import Text
    from matplotlib.ticker import MaxNLocator

from ..ledger import replace
from ..wording import Language

__all__ = [
    "A4_TEXT_WIDTH_MM",
    "CLEAR",
    "INK",
    "LINE",
    "MM_PER_INCH",
    "QUIET",
    "Axes",
    "Figure",
    "Patch",
    "drawable",
    "japanese_font",
    "lettered",
    "patheffects",
    "place",
    "png",
    "save",
    "say_nothing",
    "sheet",
    "svg",
    "title",
    "whole_years",
    "wrapped",
]

INK, QUIET, LINE = "#1b1f24", "#55606b", "#c8ced6"
CLEAR = {"facecolor": "white", "edgecolor": "none", "pad": 0.4}
"""Box that keeps a text readable where a line runs behind it."""
MM_PER_INCH = 25.4
A4_TEXT_WIDTH_MM = 186.0
"""Width between the margins of an upright A4 page."""

_WORDS = re.compile(r"[（「『]*[^\x00-\x7f（「『–][、。）」』]*|\s*[\x21-\x7e–]+|.")
"""A line may end after a full-width letter or a word, and not between a bracket and what it holds."""

_DPI = 200
_SALT = "yochi"  # SVG identifiers are hashes; with this they are the same each time
_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}
_CJK_FONTS = ("Noto Sans CJK JP", "Noto Sans JP", "IPAexGothic", "IPAGothic", "TakaoGothic", "Yu Gothic", "Meiryo",
              "Hiragino Sans", "MS Gothic")  # fmt: skip


@lru_cache
def japanese_font() -> str | None:
    """A font with Japanese letters, or None where none is installed."""
    installed = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in _CJK_FONTS if name in installed), None)


def drawable(language: Language) -> Language:
    """The language, or English where no font has Japanese letters."""
    return language if japanese_font() else "en"


def sheet(width_mm: float, height_mm: float) -> Figure:
    """An empty figure that pyplot knows nothing of."""
    figure = Figure(figsize=(width_mm / MM_PER_INCH, height_mm / MM_PER_INCH), layout=None)
    FigureCanvasAgg(figure)
    return figure


def place(figure: Figure, left: float, bottom: float, right: float, top: float) -> Axes:
    """Axes with a bare frame at these distances from the edges of the figure, in millimetres from each edge."""
    width, height = (float(inches) * MM_PER_INCH for inches in figure.get_size_inches())
    axes = figure.add_axes(
        (left / width, bottom / height, (width - left - right) / width, (height - bottom - top) / height)
    )
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(QUIET)
    axes.tick_params(labelsize=7, color=QUIET, length=2.5, pad=2)
    return axes


def title(figure: Figure, text: str) -> None:
    """A heading in the upper left corner."""
    figure.text(
        0.004,
        1.0 - 0.5 / figure.get_size_inches()[1] / MM_PER_INCH,
        text,
        fontsize=8,
        weight="bold",
        color=INK,
        va="top",
    )


def say_nothing(axes: Axes, text: str) -> None:
    """Say in the middle of empty axes why there is nothing in them."""
    axes.text(0.5, 0.5, text, transform=axes.transAxes, ha="center", va="center", fontsize=9, color=QUIET)
    axes.set(xticks=[], yticks=[])


def whole_years() -> MaxNLocator:
    """Places ticks at whole years, not too many."""
    return MaxNLocator(nbins=10, integer=True)


def wrapped(text: str, width: int) -> str:
    """A text on lines of so many half-width letters."""
    lines, used = [""], 0
    for word in _WORDS.findall(text):
        size = sum(2 if east_asian_width(letter) in "WFA" else 1 for letter in word)
        if used + size > width and lines[-1]:
            lines.append("")
            used = 0
        lines[-1] += word if lines[-1] else word.lstrip()
        used += size
    return "\n".join(lines)


def lettered(figure: Figure) -> Figure:
    """The figure with each of its texts in a font that has the letters."""
    font = japanese_font()
    if font:
        for text in figure.findobj(Text):
            text.set_fontfamily(font)
    return figure


def save(figure: Figure, path: Path) -> None:
    """Write a figure as PNG or SVG, by the suffix of the file name; equal figures give equal bytes.

    Raises
    ------
    YochiError
        The file cannot be written.
    """
    with replace(path) as draft:
        if path.suffix.lower() == ".svg":
            draft.write_text(_drawing(figure), encoding="utf-8")
        else:
            draft.write_bytes(png(figure, dpi=_DPI))


def png(figure: Figure, *, dpi: int) -> bytes:
    """A figure as the bytes of a PNG file."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=dpi, metadata={"Software": None})
    return buffer.getvalue()


def svg(figure: Figure, name: str) -> str:
    """A figure as an SVG element to be put into a page.

    Parameters
    ----------
    figure : Figure
        What to draw.
    name : str
        Stands before each identifier, so that several drawings may share a page: letters, digits and hyphens.
    """
    element = re.sub(r"^.*?(?=<svg)", "", _drawing(figure), count=1, flags=re.DOTALL)
    element = re.sub(r"\s*<defs>\s*<style.*?</defs>", "", element, count=1, flags=re.DOTALL)  # it would style the page
    element = re.sub(r"\n *", "\n", element)
    element = re.sub(r'\bid="', f'id="{name}-', element)
    return re.sub(r'(url\(|xlink:href=")#', rf"\1#{name}-", element).strip()


def _drawing(figure: Figure) -> str:
    """SVG with letters as text: it can be searched and read aloud, and is a tenth of the size."""
    buffer = io.StringIO()
    with rc_context({"svg.hashsalt": _SALT, "svg.fonttype": "none"}):
        figure.savefig(buffer, format="svg", metadata=_NO_METADATA)
    return buffer.getvalue()
