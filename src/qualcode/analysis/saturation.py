"""Saturation: how many codes each further interview adds.

The rule is that of Guest, Namey & Chen (2020, PLoS ONE 15(5): e0232076): the codes of the first :data:`BASE`
interviews are the base; saturation is reached at the first interview after which the next :data:`RUN` together add no
more than :data:`SHARE` of the base in new codes.

The last ``small_cell`` − 1 interviews are one step of the curve. Which codes come only there would otherwise tell
whether a hidden number of people is 1 or 2.
"""

from collections.abc import Sequence
from dataclasses import dataclass

BASE = 4
RUN = 2
SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Saturation:
    """The curve and what it says.

    Attributes:
        points: (interviews, codes found so far), from the first interview on
        reached: after how many interviews saturation was reached, None if it was not
        new: codes that the last :data:`RUN` interviews added
    """

    points: tuple[tuple[int, int], ...]
    reached: int | None
    new: int


def saturation(codes: Sequence[set[str]], small_cell: int) -> Saturation | None:
    """Return the curve, or None for fewer than ``BASE + RUN`` interviews, where the rule says nothing.

    Args:
        codes: the codes of each interview, in the order in which they were made
        small_cell: least number of people that may be told
    """
    if len(codes) < BASE + max(RUN, small_cell - 1):
        return None
    seen: set[str] = set()
    curve = []
    for found in codes:
        seen |= found
        curve.append(len(seen))
    base = curve[BASE - 1]
    last_step = max(1, small_cell - 1)
    marks = [*range(1, len(curve) - last_step + 1), len(curve)]
    # A run that ends inside the last step is not looked at: its interviews are not told apart.
    reached = next(
        (
            done
            for done in range(BASE, len(curve) - RUN + 1)
            if (done + RUN) in marks and _adds_little(curve, done, base)
        ),
        None,
    )
    return Saturation(tuple((count, curve[count - 1]) for count in marks), reached, curve[-1] - curve[-1 - RUN])


def _adds_little(curve: Sequence[int], done: int, base: int) -> bool:
    return curve[done + RUN - 1] - curve[done - 1] <= SHARE * base
