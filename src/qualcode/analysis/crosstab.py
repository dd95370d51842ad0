"""Small cells in tables of people by two things at once: step and level, wave and level, theme and wave.

A hidden number must survive what is printed along both its row and its column. Rows add up: every person is in one
column, so the cells of a row sum to the row's total. Columns add up too, or are covered: where a person may stand in
several rows, a column's total is at least its largest cell and at most the sum of its cells. The rule is that of
:mod:`qualcode.analysis.suppression`; here a small integer program says what a hidden number could be, since bounds
along one line no longer tell.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from qualcode.analysis.suppression import Count, broken_down

Cell = tuple[str, str]


class Columns(Enum):
    """How the cells of a column make up its total."""

    ADD_UP = "add up"
    COVER = "cover"


@dataclass(frozen=True)
class Crosstab:
    """People by row and column, before anything is hidden.

    Attributes:
        people: (row, column) → people
        rows: row → its total as printed, over all columns
        columns: column → its total as printed; empty where no totals of columns are printed anywhere
        sizes: (row, column) → the most people there can be
        sums: how columns make up their totals
    """

    people: Mapping[Cell, int]
    rows: Mapping[str, Count]
    columns: Mapping[str, Count]
    sizes: Mapping[Cell, int]
    sums: Columns = Columns.COVER

    def size(self, cell: Cell) -> int:
        """Return the most people a cell can hold."""
        return self.sizes[cell]


def protected(table: Crosstab, small_cell: int) -> dict[Cell, Count]:
    """Return the cells as they may be printed.

    Args:
        table: see there
        small_cell: fewer people than this are hidden; 1 hides nothing
    """
    if small_cell == 1:
        return {cell: Count(people, table.size(cell)) for cell, people in table.people.items()}
    always = _always_hidden(table, small_cell)
    hidden = always | {cell for cell, people in table.people.items() if 0 < people < small_cell}
    while hidden:
        told = _told(table, hidden, hidden - always, small_cell)
        if not told:
            break
        more = _next(table, told, hidden)
        if more is None:
            break
        hidden.add(more)
    return {cell: Count(None if cell in hidden else people, table.size(cell)) for cell, people in table.people.items()}


def _always_hidden(table: Crosstab, small_cell: int) -> set[Cell]:
    """Return the cells of lines whose total is hidden, or tells too much however little is printed beside it."""
    found = set()
    for cell in table.people:
        row, column = table.rows[cell[0]], table.columns.get(cell[1])
        sizes = {other[1]: table.size(other) for other in table.people if other[0] == cell[0]}
        if row.people is None or not broken_down(row.people, sizes, small_cell) or (column and column.people is None):
            found.add(cell)
        elif column and column.people is not None and table.sums is Columns.ADD_UP:
            down = {other[0]: table.size(other) for other in table.people if other[1] == cell[1]}
            if not broken_down(column.people, down, small_cell):
                found.add(cell)
    return found


def _next(table: Crosstab, told: set[Cell], hidden: set[Cell]) -> Cell | None:
    """Return the cell to hide next: the smallest beside one that is told, noughts last; None when all are hidden."""
    beside = [
        cell
        for cell in table.people
        if cell not in hidden and any(cell[0] == other[0] or cell[1] == other[1] for other in told)
    ]
    rest = beside or [cell for cell in table.people if cell not in hidden]
    rows = {cell[0] for cell in told}
    # Rows always add up, so that a neighbour in the row hides more than one in the column.
    return min(rest, key=lambda cell: (not table.people[cell], cell[0] not in rows, table.people[cell]), default=None)


def _told(table: Crosstab, hidden: set[Cell], chosen: set[Cell], small_cell: int) -> set[Cell]:
    """Return the small cells that can have one value only.

    Args:
        table: see there
        hidden: all that are hidden
        chosen: those hidden because something is small: the reader knows that one of them is
        small_cell: see :func:`protected`
    """
    cells = sorted(hidden)
    problem = _Problem(table, cells, sorted(chosen), small_cell)
    return {
        cell
        for place, cell in enumerate(cells)
        # Others are hidden only to hide these: noughts and larger numbers may be told.
        if 0 < table.people[cell] < small_cell and problem.least(place) == problem.most(place)
    }


class _Problem:
    """What a reader knows of hidden cells, as an integer program: cells first, then "this one is small"."""

    def __init__(self, table: Crosstab, cells: Sequence[Cell], chosen: Sequence[Cell], small_cell: int) -> None:
        self._cells = cells
        place = {cell: number for number, cell in enumerate(cells)}
        small = {cell: len(cells) + number for number, cell in enumerate(chosen)}
        self._width = len(cells) + len(chosen)
        least = 0 if any(not table.people[cell] for cell in cells) else 1
        sizes = [table.size(cell) for cell in cells]
        self._low = [float(least)] * len(cells) + [0.0] * len(chosen)
        self._high = [float(size) for size in sizes] + [1.0] * len(chosen)
        self._rows: list[tuple[dict[int, float], float, float]] = []
        for cell, switch in small.items():
            # Where the switch is on, the cell is from 1 to k − 1.
            slack = float(max(0, table.size(cell) - small_cell + 1))
            self._rows.append(({place[cell]: 1.0, switch: slack}, -np.inf, float(small_cell - 1) + slack))
            self._rows.append(({place[cell]: 1.0, switch: -1.0}, 0.0, np.inf))
        if chosen:
            self._rows.append((dict.fromkeys(small.values(), 1.0), 1.0, np.inf))
        self._line_up(table, place)

    def _line_up(self, table: Crosstab, place: Mapping[Cell, int]) -> None:
        for axis, totals in ((0, table.rows), (1, table.columns)):
            for name, whole in totals.items():
                line = [cell for cell in table.people if cell[axis] == name]
                mine = [place[cell] for cell in line if cell in place]
                shown = sum(table.people[cell] for cell in line if cell not in place)
                if not mine:
                    continue
                low, high = (whole.people, whole.people) if whole.people is not None else (1, (whole.below or 1) - 1)
                adds_up = axis == 0 or table.sums is Columns.ADD_UP
                if whole.people is None and not whole.below:
                    continue
                top = float(high - shown) if adds_up else np.inf
                self._rows.append((dict.fromkeys(mine, 1.0), float(low - shown), top))
                if not adds_up:
                    for number in mine:
                        self._high[number] = min(self._high[number], float(high))

    def least(self, place: int) -> int:
        """Return the least a cell can be."""
        return self._end(place, 1.0)

    def most(self, place: int) -> int:
        """Return the most a cell can be."""
        return -self._end(place, -1.0)

    def _end(self, place: int, sign: float) -> int:
        cost = np.zeros(self._width)
        cost[place] = sign
        matrix = np.zeros((len(self._rows), self._width))
        for number, (factors, _, _) in enumerate(self._rows):
            for column, factor in factors.items():
                matrix[number, column] = factor
        limits = LinearConstraint(matrix, [row[1] for row in self._rows], [row[2] for row in self._rows])
        found = milp(cost, constraints=limits, bounds=Bounds(self._low, self._high), integrality=np.ones(self._width))
        # The true numbers are always one solution; without one, nothing is known to be safe.
        return round(found.fun) if found.success else 0
