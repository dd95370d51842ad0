"""Groups of levels that are large enough to be named.

Where a study has fewer than ``small_cell`` people of a level, naming the level names the person. Such levels are
made coarser: direktør and chef become *leder*, tillidsvalgt becomes *medarbejder*, and what is still too small becomes
*interviewperson*. If that rest is itself too small, the smallest other group joins it, for a lone remainder is known
by elimination. Every group that comes out has ``small_cell`` people or more, unless the whole study has fewer.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from qualcode.models import Level

SOMEBODY = "interviewperson"
_PLURALS = {
    Level.DIREKTOER.value: "direktører",
    Level.CHEF.value: "chefer",
    Level.LEDER.value: "ledere",
    Level.MEDARBEJDER.value: "medarbejdere",
    Level.TILLIDSVALGT.value: "tillidsvalgte",
    Level.POLITIKER.value: "politikere",
    Level.FRIVILLIG.value: "frivillige",
    Level.BORGER.value: "borgere",
}
# The coarser name of a level, and the levels that it may take in, the top of the organisation first.
_COARSER = {
    Level.LEDER: (Level.DIREKTOER, Level.CHEF),
    Level.MEDARBEJDER: (Level.TILLIDSVALGT,),
}


@dataclass(frozen=True, slots=True)
class Group:
    """People who are counted and quoted under one name.

    Attributes:
        name: in the singular, as printed after a quote
        levels: the levels in it
        size: how many people
    """

    name: str
    levels: frozenset[Level]
    size: int

    @property
    def plural(self) -> str:
        """Name of several; the rest is the others when it stands beside named groups."""
        return _PLURALS.get(self.name, "øvrige")

    @property
    def counted(self) -> str:
        """Size and name in its right form.

        >>> Group("chef", frozenset(), 4).counted
        '4 chefer'
        """
        return f"{self.size} {self.name if self.size == 1 and self.name != SOMEBODY else self.plural}"


def grouped(people: Mapping[Level, int], small_cell: int) -> tuple[Group, ...]:
    """Return the groups of a study in the order of the levels, the rest last.

    Args:
        people: how many informants of each level
        small_cell: the least number of people that may be named

    >>> [group.counted for group in grouped({Level.DIREKTOER: 1, Level.LEDER: 6, Level.MEDARBEJDER: 5}, 3)]
    ['7 ledere', '5 medarbejdere']
    """
    members: dict[Level, set[Level]] = {
        level: {level} for level in Level if people.get(level) and level != Level.UKENDT
    }
    size = dict(people)

    def too_small(level: Level) -> bool:
        return level in members and size[level] < small_cell

    def join(level: Level, into: Level) -> None:
        members.setdefault(into, set()).update(members.pop(level))
        size[into] = size.get(into, 0) + size[level]

    for coarse, finer in _COARSER.items():
        for level in finer:
            if too_small(level):
                join(level, coarse)
        for level in reversed(finer):
            if too_small(coarse) and level in members:
                join(level, coarse)
    rest = {Level.UKENDT} if people.get(Level.UKENDT) else set()
    left_over = people.get(Level.UKENDT, 0)
    for level in [level for level in members if too_small(level)]:
        rest |= members.pop(level)
        left_over += size[level]
    while 0 < left_over < small_cell and members:
        smallest = min(members, key=lambda level: size[level])
        rest |= members.pop(smallest)
        left_over += size[smallest]
    named = [Group(level.value, frozenset(members[level]), size[level]) for level in Level if level in members]
    return (*named, Group(SOMEBODY, frozenset(rest), left_over)) if left_over else tuple(named)


def group_names(groups: tuple[Group, ...]) -> dict[str, str]:
    """Return level → name of its group."""
    return {level.value: group.name for group in groups for level in group.levels}
