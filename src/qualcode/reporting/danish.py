"""Danish forms that reports need: numbers, lists, shares, dates."""

import datetime
from collections.abc import Sequence

_MONTHS = "januar februar marts april maj juni juli august september oktober november december".split()
_SMALL = ("ingen", "én", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni", "ti", "elleve", "tolv")


def joined(words: Sequence[str], last_joint: str = "og") -> str:
    """Return words as a list in running text.

    >>> joined(["a", "b", "c"]), joined(["a", "b"], "eller"), joined([])
    ('a, b og c', 'a eller b', '')
    """
    if not words:
        return ""
    *most, last = words
    return f"{', '.join(most)} {last_joint} {last}" if most else last


def number(value: float) -> str:
    """Return a number with Danish separators.

    >>> number(12345), number(0.5)
    ('12.345', '0,5')
    """
    return f"{value:,}".translate(str.maketrans(",.", ".,"))


def percent(part: float, whole: float) -> str:
    """Return a share in whole per cent.

    >>> percent(1, 3), percent(1, 0)
    ('33 %', '0 %')
    """
    return f"{round(100 * part / whole) if whole else 0} %"


def counted(count: int, one: str, many: str) -> str:
    """Return a number with its noun.

    >>> counted(1, "person", "personer"), counted(2, "person", "personer"), counted(1200, "ord", "ord")
    ('1 person', '2 personer', '1.200 ord')
    """
    return f"{number(count)} {one if count == 1 else many}"


def in_letters(count: int) -> str:
    """Return a small number in letters, a larger one in digits.

    >>> in_letters(3), in_letters(18)
    ('tre', '18')
    """
    return _SMALL[count] if 0 <= count < len(_SMALL) else str(count)


def date_in_words(date: datetime.date) -> str:
    """Return a date as it is written in a Danish text.

    >>> date_in_words(datetime.date(2026, 11, 1))
    '1. november 2026'
    """
    return f"{date.day}. {_MONTHS[date.month - 1]} {date.year}"


def lower_first(text: str) -> str:
    """Return text with a small first letter, unless it begins with an abbreviation.

    >>> lower_first("Styring og regler"), lower_first("IT og data")
    ('styring og regler', 'IT og data')
    """
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    """Return text with a capital first letter.

    >>> upper_first("én af dem")
    'Én af dem'
    """
    return text[:1].upper() + text[1:]


def how_many(people: int, of: int) -> str:
    """Return a share of people in words, with the numbers it rests on.

    >>> how_many(18, 18), how_many(17, 18), how_many(12, 18), how_many(5, 18)
    ('alle 18 interviewpersoner', 'næsten alle (17 af 18 interviewpersoner)', '12 af 18 interviewpersoner', '5 af 18 interviewpersoner')
    """  # noqa: E501
    if people == of and of > 1:
        return f"alle {of} interviewpersoner"
    told = f"{people} af {counted(of, 'interviewperson', 'interviewpersoner')}"
    return f"næsten alle ({told})" if people >= 0.85 * of and of >= 10 else told
