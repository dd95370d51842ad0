"""Small cells: which numbers of people a report may print.

Rule (``small_cell`` = *k*, 3 by default; 1 turns it off; 2 is of no use, since a hidden number could only be 1):

1. A number of people from 1 to *k* − 1 is hidden. Nought is shown: that nobody of a level speaks of a theme says
   nothing about anyone's view.
2. Where a total is hidden, all numbers that make it up are hidden, noughts included.
3. Complementary suppression. Of numbers that add up to a printed total (the levels of a theme), or that cover it
   (sub-themes, or driver, barrier and need, where one person may count several times: max ≤ total ≤ sum), so many more
   are hidden, the smallest first, that every hidden number could still be at least two different ones – for a reader
   who knows this rule, too: that hidden numbers are 1 or more, that at least one in the block is under *k*, and how
   many people there are of each level.

Numbers are hidden, never rounded or blurred: what is printed is true. Not guarded against is somebody who replays the
choice of what to hide for every possible set of numbers (a minimality attack; Wong et al. 2007, VLDB). The approach is
the audit by bounds of statistical disclosure control (Hundepool et al. 2012, *Statistical Disclosure Control*, ch. 4);
the intervals are exact here, because each block hangs together by one total only.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Interval = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Count:
    """A number of people as it may be printed.

    Attributes:
        people: the number, or None where it is hidden
        of: how many people there are
        below: the hidden number is known to be under this one; 0 where nothing is said of it
    """

    people: int | None
    of: int
    below: int = 0

    @property
    def hidden(self) -> bool:
        """Whether the number may not be printed."""
        return self.people is None

    @property
    def share(self) -> float:
        """Share of all in [0, 1]; 0 where it is hidden."""
        return (self.people or 0) / self.of if self.of else 0.0

    @property
    def cell(self) -> str:
        """What stands in a table: the number or the mark of a hidden one."""
        return HIDDEN if self.people is None else str(self.people)

    @property
    def phrase(self) -> str:
        """What stands in running text.

        >>> Count(5, 18).phrase, Count(None, 18, 3).phrase
        ('5 af 18', 'færre end 3 af 18')
        """
        if self.people is not None:
            return f"{self.people} af {self.of}"
        return f"færre end {self.below} af {self.of}" if self.below else f"nogle af {self.of}"


HIDDEN = "•"


def total(people: int, of: int, small_cell: int) -> Count:
    """Return a number that stands by itself, or a total."""
    if small_cell > 1 and (0 < people < small_cell or of < small_cell):
        return Count(None, of, small_cell if 0 < people < small_cell else 0)
    return Count(people, of)


def broken_down(whole: int, sizes: Mapping[str, int], small_cell: int) -> bool:
    """Tell whether a total is ever broken down into numbers that add up to it.

    For some totals, such as all but one of the people, hiding every part would still tell a small one. They are never
    broken down, whatever their parts are, so that the hiding itself tells nothing.

    >>> broken_down(17, {"a": 3, "b": 4, "c": 11}, 3), broken_down(18, {"a": 3, "b": 4, "c": 11}, 3)
    (False, True)
    """
    if small_cell == 1 or whole in (0, sum(sizes.values())):
        return True
    return not _tells(_addend_ranges(whole, dict.fromkeys(sizes, 1), sizes, set(sizes), small_cell))


def addends(whole: Count, parts: Mapping[str, int], sizes: Mapping[str, int], small_cell: int) -> dict[str, Count]:
    """Return numbers that add up to a total: the levels of a theme.

    Args:
        whole: the total as printed
        parts: name → people
        sizes: name → how many people there are
        small_cell: see the module
    """
    if whole.people is None or not broken_down(whole.people, sizes, small_cell):
        return {name: Count(None, sizes[name]) for name in parts}
    hidden = _hide(parts, small_cell, lambda names: _addend_ranges(whole.people or 0, parts, sizes, names, small_cell))
    return {name: Count(None if name in hidden else people, sizes[name]) for name, people in parts.items()}


def cover(whole: Count, parts: Mapping[str, int], small_cell: int) -> dict[str, Count]:
    """Return numbers that together cover a total, overlapping: sub-themes, or driver, barrier and need.

    Args:
        whole: the total as printed
        parts: name → people
        small_cell: see the module
    """
    if whole.people is None:
        return {name: Count(None, whole.of, whole.below) for name in parts}
    bound = small_cell
    people = whole.people

    def ranges(names: set[str]) -> dict[str, Interval]:
        return _cover_ranges(people, parts, names, small_cell, _bound(parts, names, bound))

    hidden = _hide(parts, small_cell, ranges)
    if _tells(ranges(hidden)):
        bound = 0
    said = _bound(parts, hidden, bound)
    return {
        name: Count(None, whole.of, said) if name in hidden else Count(number, whole.of)
        for name, number in parts.items()
    }


def _bound(parts: Mapping[str, int], hidden: set[str], small_cell: int) -> int:
    """Say "under k" only where all that is hidden is."""
    return small_cell if hidden and all(0 < parts[name] < small_cell for name in hidden) else 0


def _tells(ranges: Mapping[str, Interval]) -> bool:
    return any(low == high for low, high in ranges.values())


def _hide(parts: Mapping[str, int], small_cell: int, ranges: Callable[[set[str]], dict[str, Interval]]) -> set[str]:
    """Return the names to hide: the small ones, and others until no hidden number has only one possible value."""
    hidden = {name for name, people in parts.items() if 0 < people < small_cell}
    # Smallest first, noughts last: that nobody speaks of something is worth more than how many do.
    others = sorted((name for name in parts if name not in hidden), key=lambda name: (not parts[name], parts[name]))
    while hidden and others and _tells(ranges(hidden)):
        hidden.add(others.pop(0))
    return hidden


def _addend_ranges(
    whole: int, parts: Mapping[str, int], sizes: Mapping[str, int], hidden: set[str], small_cell: int
) -> dict[str, Interval]:
    rest = whole - sum(people for name, people in parts.items() if name not in hidden)
    least = 0 if any(not parts[name] for name in hidden) else 1

    def bounds(boxes: Mapping[str, Interval]) -> dict[str, Interval] | None:
        low, high = sum(box[0] for box in boxes.values()), sum(box[1] for box in boxes.values())
        if not low <= rest <= high:
            return None
        return {
            name: (max(box[0], rest - high + box[1]), min(box[1], rest - low + box[0])) for name, box in boxes.items()
        }

    return _one_is_small({name: (least, sizes[name]) for name in hidden}, small_cell, bounds)


def _cover_ranges(
    whole: int, parts: Mapping[str, int], hidden: set[str], small_cell: int, said: int
) -> dict[str, Interval]:
    shown = [people for name, people in parts.items() if name not in hidden]
    least = 0 if any(not parts[name] for name in hidden) else 1

    def bounds(boxes: Mapping[str, Interval]) -> dict[str, Interval] | None:
        high = sum(shown) + sum(box[1] for box in boxes.values())
        if high < whole:
            return None
        return {name: (max(box[0], whole - high + box[1]), box[1]) for name, box in boxes.items()}

    most = said - 1 if said else whole
    return _one_is_small(dict.fromkeys(sorted(hidden), (least, most)), small_cell, bounds)


def _one_is_small(
    boxes: Mapping[str, Interval],
    small_cell: int,
    bounds: Callable[[Mapping[str, Interval]], dict[str, Interval] | None],
) -> dict[str, Interval]:
    """Return what each hidden number may be when at least one of them is known to be from 1 to k − 1."""
    found: dict[str, Interval] = {}
    for small in boxes:
        narrowed = {**boxes, small: (max(1, boxes[small][0]), min(boxes[small][1], small_cell - 1))}
        for name, (low, high) in (bounds(narrowed) or {}).items():
            before = found.get(name, (low, high))
            found[name] = (min(before[0], low), max(before[1], high))
    return found
