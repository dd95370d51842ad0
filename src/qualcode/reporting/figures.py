"""Draw the figures with matplotlib: one restrained style that survives black-and-white print.

Barrier, driver and need differ in lightness and hatching, not in colour alone. SVG keeps text as text, so that it can
be read, searched and coloured by the page; the bytes are the same each time. matplotlib is imported when the first
figure is drawn.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import cos, sin, sqrt, tau
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from qualcode.reporting.figures_analyses import profiles, slopes, stacked, stairs
from qualcode.reporting.inks import ACCENT, BARRIER, DRIVER, INK, LINE, NEED, PAPER, SOFT
from qualcode.reporting.pictures import Balance, Curve, Network, Picture, Prevalence, Profiles, Slopes, Stairs

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 7.2
PNG_DPI = 200
_STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "qualcode",
    "font.family": "DejaVu Sans",
    "font.size": 8.5,
    "text.color": INK,
    "axes.labelcolor": SOFT,
    "axes.edgecolor": LINE,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": SOFT,
    "ytick.color": INK,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8.5,
    "axes.linewidth": 0.8,
    "hatch.linewidth": 0.7,
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture as an ``<svg>`` element without prolog, and as PNG at :data:`PNG_DPI`."""

    svg: str
    png: bytes


@lru_cache(maxsize=32)
def draw(picture: Picture) -> Drawn:
    """Return a picture drawn; formats share the drawing."""
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(WIDTH, _height(picture)), dpi=PNG_DPI)
        FigureCanvasAgg(figure)
        match picture:
            case Prevalence():
                _prevalence(figure, picture)
            case Balance():
                _balance(figure, picture)
            case Network():
                _network(figure, picture)
            case Curve():
                _curve(figure, picture)
            case Slopes():
                slopes(figure, picture)
            case Stairs():
                stairs(figure, picture)
            case Profiles():
                profiles(figure, picture)
        box = figure.get_tightbbox().padded(0.04)
        vector, pixels = io.StringIO(), io.BytesIO()
        # No date and no creator: the same numbers give the same bytes.
        figure.savefig(
            vector, format="svg", bbox_inches=box, transparent=True, metadata={"Date": None, "Creator": None}
        )
        figure.savefig(pixels, format="png", bbox_inches=box, metadata={"Software": None})
    text = vector.getvalue()
    return Drawn(text[text.index("<svg") :], pixels.getvalue())


def _height(picture: Picture) -> float:
    match picture:
        case Prevalence(themes=themes):
            return 0.6 + 0.34 * len(themes)
        case Balance(themes=themes):
            return 0.9 + 0.36 * len(themes)
        case Network():
            return 4.6
        case Curve():
            return 2.7
        case Slopes(lines=lines):
            return 1.6 + 0.3 * len(lines)
        case Stairs(steps=steps, groups=groups):
            return (0.6 + 0.36 * len(steps)) * stacked(len(groups))
        case Profiles(codes=codes, groups=groups):
            return 0.5 + (0.55 + 0.36 * len(codes)) * stacked(len(groups))


def _names(axes: "Axes", themes: Sequence[tuple[str, str]]) -> None:
    axes.set_ylim(len(themes) - 0.5, -0.5)
    axes.set_yticks(range(len(themes)), [name for name, _ in themes])
    for tick, (_, anchor) in zip(axes.yaxis.get_major_ticks(), themes, strict=True):
        tick.label1.set_url(f"#{anchor}")
    axes.tick_params(axis="y", length=0)


def _prevalence(figure: "Figure", picture: Prevalence) -> None:
    """Draw small multiples: a column of bars for each group, all on one scale."""
    columns = figure.subplots(1, len(picture.groups), sharey=True, gridspec_kw={"wspace": 0.12}, squeeze=False)[0]
    for place, (axes, group) in enumerate(zip(columns, picture.groups, strict=True)):
        shares = [row[place] for row in picture.shares]
        rows = range(len(shares))
        axes.barh(rows, [1.0] * len(shares), color=LINE, alpha=0.28, height=0.62)
        axes.barh(rows, [share or 0 for share in shares], color=ACCENT, height=0.62)
        for row, (share, label) in enumerate(zip(shares, [labels[place] for labels in picture.labels], strict=True)):
            inside = share is not None and share > 0.55
            axes.text(
                (share or 0) + (-0.04 if inside else 0.04),
                row,
                label,
                ha="right" if inside else "left",
                va="center",
                fontsize=7.5,
                color=PAPER if inside else INK,
            )
        axes.set_title(group[:1].upper() + group[1:], fontsize=8.5, loc="left", color=INK, pad=5)
        axes.set_xlim(0, 1)
        axes.set_xticks([])
        axes.spines[:].set_visible(False)
        _names(axes, picture.themes)
        axes.tick_params(axis="y", labelleft=place == 0)


def _balance(figure: "Figure", picture: Balance) -> None:
    """Draw barriers to the left, drivers and needs to the right of one line."""
    axes = figure.subplots()
    rows = range(len(picture.themes))
    left = [-(people or 0) for people in picture.barriers]
    drivers = [people or 0 for people in picture.drivers]
    needs = [people or 0 for people in picture.needs]
    axes.barh(rows, left, color=BARRIER, height=0.6, label="Barriere", hatch="////", edgecolor=PAPER, linewidth=0)
    axes.barh(rows, drivers, color=DRIVER, height=0.6, label="Drivkraft")
    axes.barh(
        rows, needs, left=drivers, color=NEED, height=0.6, label="Behov", hatch="....", edgecolor=PAPER, linewidth=0
    )
    for row in rows:
        _at(axes, left[row] - 0.15, row, picture.barriers[row], "right")
        both = [picture.drivers[row], picture.needs[row]]
        told = " + ".join("•" if people is None else str(people) for people in both if people != 0)
        axes.text(drivers[row] + needs[row] + 0.15, row, told, ha="left", va="center", fontsize=8, color=INK)
    most = max(1, *(-value for value in left), *(one + two for one, two in zip(drivers, needs, strict=True)))
    axes.set_xlim(-most * 1.12, most * 1.12)
    axes.axvline(0, color=INK, linewidth=0.9)
    axes.set_xticks([])
    axes.spines[:].set_visible(False)
    _names(axes, picture.themes)
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, frameon=False, fontsize=8.5, handlelength=1.4)


def _at(axes: "Axes", x: float, row: int, people: int | None, side: str) -> None:
    if people != 0:
        axes.text(x, row, "•" if people is None else str(people), ha=side, va="center", fontsize=8, color=INK)


def _network(figure: "Figure", picture: Network) -> None:
    """Draw themes on a circle, which shows who is tied to whom without suggesting distances that mean nothing."""
    axes = figure.subplots()
    turn = tau / max(1, len(picture.nodes))
    positions = [(cos(place * turn), sin(place * turn)) for place in range(len(picture.nodes))]
    most = max((people for _, _, people in picture.edges), default=1)
    for first, second, people in sorted(picture.edges, key=itemgetter(2)):
        (x, y), (u, v) = positions[first], positions[second]
        strength = people / most
        axes.plot([x, u], [y, v], color=ACCENT, alpha=0.25 + 0.55 * strength, linewidth=0.6 + 5 * strength, zorder=1)
        axes.text(
            (x * 0.5 + u * 0.5),
            (y * 0.5 + v * 0.5),
            str(people),
            fontsize=7.5,
            ha="center",
            va="center",
            zorder=3,
            bbox={"boxstyle": "round,pad=0.16", "facecolor": PAPER, "edgecolor": "none"},
        )
    largest = max((people or 0 for _, _, people in picture.nodes), default=1) or 1
    for place, (name, anchor, size) in enumerate(picture.nodes):
        x, y = positions[place]
        radius = 4 + 13 * sqrt((size or 0) / largest)
        axes.plot([x], [y], "o", markersize=radius, color=ACCENT, markeredgecolor=PAPER, markeredgewidth=1.2, zorder=4)
        side = "left" if x > 0.15 else "right" if x < -0.15 else "center"
        label = axes.annotate(
            name,
            (x, y),
            xytext=((radius / 2 + 4) * (x > 0.15) - (radius / 2 + 4) * (x < -0.15), 0 if side != "center" else 14 * y),
            textcoords="offset points",
            ha=side,
            va="center",
            fontsize=8.5,
            zorder=5,
        )
        label.set_url(f"#{anchor}")
    axes.set_aspect("equal")
    axes.set_axis_off()
    axes.margins(0.08)


def _curve(figure: "Figure", picture: Curve) -> None:
    axes = figure.subplots()
    counts, codes = [point[0] for point in picture.points], [point[1] for point in picture.points]
    axes.step(counts, codes, where="post", color=ACCENT, linewidth=1.6)
    axes.plot(counts, codes, "o", color=ACCENT, markersize=4)
    axes.annotate(
        f"{codes[-1]} koder",
        (counts[-1], codes[-1]),
        xytext=(0, -12),
        textcoords="offset points",
        ha="right",
        fontsize=8.5,
    )
    if picture.reached:
        axes.axvline(picture.reached, color=INK, linewidth=0.8, linestyle=(0, (4, 3)))
        axes.text(picture.reached + 0.15, max(codes) * 0.06, "mætning efter reglen", fontsize=8, color=INK)
    axes.set_xlabel("Interview")
    axes.set_ylabel("Koder i alt")
    axes.set_ylim(0, max(codes) * 1.08)
    axes.set_xlim(left=0.5)
    step = max(1, len(counts) // 10)
    axes.set_xticks(
        [*counts[:-1:step], counts[-1]]
        if counts[-1] - counts[:-1:step][-1] >= step
        else [*counts[:-1:step][:-1], counts[-1]]
    )
    axes.grid(axis="y", color=LINE, linewidth=0.5, alpha=0.6)
    axes.set_axisbelow(True)
