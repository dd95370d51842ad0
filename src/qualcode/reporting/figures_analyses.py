"""Draw the figures of the chapters that a study asks for: slopes, stairs, profiles."""

from collections.abc import Sequence
from textwrap import fill
from typing import TYPE_CHECKING

from qualcode.reporting.inks import ACCENT, BARRIER, DRIVER, INK, LINE, PAPER, SOFT
from qualcode.reporting.pictures import Profiles, Slopes, Stairs

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# As many groups as fit side by side.
ACROSS = 4
_DASHES = ("-", (0, (5, 2)), (0, (1, 1.5)), (0, (6, 2, 1, 2)))
_MARKS = "osD^vPX*"
# The least distance between two labels, in shares.
_APART = 0.055


def stacked(groups: int) -> int:
    """Return how many rows of columns so many groups take."""
    return -(-groups // ACROSS)


def slopes(figure: "Figure", picture: Slopes) -> None:
    """Draw a line for each theme; lines differ in dashes and marks, and each has its name at the end."""
    axes = figure.subplots()
    last = len(picture.waves) - 1
    ends: list[tuple[float, str, bool]] = []
    for place, (name, shares) in enumerate(picture.lines):
        points = [(wave, share) for wave, share in enumerate(shares) if share is not None]
        if not points:
            continue
        grows = points[-1][1] > points[0][1]
        axes.plot(
            [wave for wave, _ in points],
            [share for _, share in points],
            color=ACCENT if grows else BARRIER,
            linestyle=_DASHES[place % len(_DASHES)],
            marker=_MARKS[place % len(_MARKS)],
            markersize=4.5,
            linewidth=1.6,
        )
        ends.append((points[-1][1], f"{name} ({round(100 * points[-1][1])} %)", grows))
    highest = float("inf")
    for share, label, grows in sorted(ends, reverse=True):
        y = min(share, highest - _APART)
        highest = y
        axes.text(last + 0.06, y, label, va="center", fontsize=8, color=ACCENT if grows else BARRIER)
    axes.set_xlim(-0.15, last + 0.02)
    axes.set_ylim(-0.03, 1.03)
    axes.set_xticks(range(last + 1), picture.waves)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])
    axes.grid(color=LINE, linewidth=0.5, alpha=0.6)
    axes.set_axisbelow(True)


def _columns(figure: "Figure", groups: Sequence[str], gap: float) -> "list[Axes]":
    """Return a pair of axes for each group, titled; those left over are not shown."""
    rows = stacked(len(groups))
    grid = figure.subplots(
        rows, min(len(groups), ACROSS), sharex=True, squeeze=False, gridspec_kw={"wspace": gap, "hspace": 0.45}
    )
    found: list[Axes] = [axes for line in grid for axes in line]
    for axes in found[len(groups) :]:
        axes.set_axis_off()
    for axes, group in zip(found, groups, strict=False):
        axes.set_title(fill(group[:1].upper() + group[1:], 24), fontsize=8.5, loc="left", color=INK, pad=5)
        axes.set_xticks([])
        axes.spines[:].set_visible(False)
        axes.tick_params(axis="y", length=0)
    return found[: len(groups)]


def _rows(axes: "Axes", names: Sequence[str], place: int) -> None:
    axes.set_yticks(range(len(names)), [fill(name, 26) for name in names])
    axes.tick_params(axis="y", labelleft=place % ACROSS == 0)


def stairs(figure: "Figure", picture: Stairs) -> None:
    """Draw the steps with the highest on top, and mark the median."""
    for place, axes in enumerate(_columns(figure, picture.groups, 0.14)):
        shares = picture.shares[place]
        rows = range(len(shares))
        axes.barh(rows, [1.0] * len(shares), color=LINE, alpha=0.28, height=0.66)
        axes.barh(rows, [share or 0 for share in shares], color=ACCENT, height=0.66)
        for row, (share, label) in enumerate(zip(shares, picture.labels[place], strict=True)):
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
        median = picture.medians[place]
        if median is not None:
            axes.plot([1.07], [median], marker="<", color=INK, markersize=5.5, clip_on=False)
        axes.set_xlim(0, 1.1)
        axes.set_ylim(-0.5, len(shares) - 0.5)
        _rows(axes, picture.steps, place)


def profiles(figure: "Figure", picture: Profiles) -> None:
    """Draw barriers to the left and drivers to the right of one line, all groups on one scale."""
    numbers = [number or 0 for side in (picture.barriers, picture.drivers) for row in side for number in row]
    most = max(1, *numbers)
    columns = _columns(figure, picture.groups, 0.1)
    for place, axes in enumerate(columns):
        barriers, drivers = picture.barriers[place], picture.drivers[place]
        rows = range(len(picture.codes))
        axes.barh(
            rows,
            [-(number or 0) for number in barriers],
            color=BARRIER,
            height=0.6,
            label="Barriere",
            hatch="////",
            edgecolor=PAPER,
            linewidth=0,
        )
        axes.barh(rows, [number or 0 for number in drivers], color=DRIVER, height=0.6, label="Drivkraft")
        for row in rows:
            for number, sign in ((barriers[row], -1), (drivers[row], 1)):
                told = "•" if number is None else str(number)
                axes.text(
                    sign * ((number or 0) + most * 0.06),
                    row,
                    told,
                    ha="right" if sign < 0 else "left",
                    va="center",
                    fontsize=7.5,
                    color=SOFT if number is None else INK,
                )
        axes.axvline(0, color=INK, linewidth=0.9)
        axes.set_xlim(-most * 1.35, most * 1.35)
        axes.set_ylim(len(picture.codes) - 0.5, -0.5)
        _rows(axes, picture.codes, place)
    handles, labels = columns[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower center", bbox_to_anchor=(0.5, 0.97), ncols=2, frameon=False, fontsize=8.5)
