"""Danish forms that reports need: plurals of levels, numbers, lists."""

from collections.abc import Sequence

from qualcode.models import Level

PLURALS = {
    Level.DIREKTOER: "direktører",
    Level.CHEF: "chefer",
    Level.LEDER: "ledere",
    Level.MEDARBEJDER: "medarbejdere",
    Level.TILLIDSVALGT: "tillidsvalgte",
    Level.POLITIKER: "politikere",
    Level.FRIVILLIG: "frivillige",
    Level.BORGER: "borgere",
    Level.UKENDT: "uden kendt niveau",
}


def count_of(count: int, level: Level) -> str:
    """Return a number of people with the level in its right form.

    >>> count_of(1, Level.CHEF), count_of(4, Level.CHEF)
    ('1 chef', '4 chefer')
    """
    if level is Level.UKENDT:
        return f"{count} {PLURALS[level]}"
    return f"{count} {level.value if count == 1 else PLURALS[level]}"


def joined(words: Sequence[str], last_joint: str = "og") -> str:
    """Return words as a list in running text.

    >>> joined(["a", "b", "c"]), joined(["a", "b"], "eller")
    ('a, b og c', 'a eller b')
    """
    *most, last = words
    return f"{', '.join(most)} {last_joint} {last}" if most else last


def number(value: float) -> str:
    """Return a number with Danish separators.

    >>> number(12345), number(0.5)
    ('12.345', '0,5')
    """
    return f"{value:,}".translate(str.maketrans(",.", ".,"))
