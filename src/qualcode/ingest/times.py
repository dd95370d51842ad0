"""Time codes in the many forms of transcripts → ``HH:MM:SS`` since the recording began."""

import re

# 00:12:03, 0:03, 12:03,5, 00:01:02-5, [00:12:03], (12:03), #00:01:02-5#; <00:12:03>
TIME = r"(?:[\[(<{]\s*)?\#?\d{1,3}:\d{1,2}(?::\d{1,2})?(?:[.,-]\d{1,7})?\#?(?:\s*[\])>}])?"
RANGE = rf"{TIME}(?:\s*(?:-->|->|–|—|-|til|to)\s*{TIME})?"
_CLOCK = re.compile(r"(\d{1,3}):(\d{1,2})(?::(\d{1,2}))?")
_LONGEST = 80
_ONLY = re.compile(rf"\s*{RANGE}\s*:?\s*")


def clock(text: str) -> str | None:
    """Return the first time in a text; two numbers are minutes and seconds, fractions are dropped.

    >>> clock("#0:01:02-5#"), clock("12:03"), clock("kl. 9")
    ('00:01:02', '00:12:03', None)
    """
    match = _CLOCK.search(text)
    if match is None:
        return None
    first, second, third = match.groups()
    hours, minutes, seconds = (first, second, third) if third is not None else ("0", first, second)
    return clock_of_seconds(int(hours) * 3600 + int(minutes) * 60 + int(seconds))


def clock_of_seconds(seconds: float) -> str:
    """Return seconds since the beginning as a time, rounded down.

    >>> clock_of_seconds(3723.9)
    '01:02:03'
    """
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"


def is_only_time(text: str) -> bool:
    """Tell whether a text is a time or a span of time and nothing else."""
    return len(text) <= _LONGEST and _ONLY.fullmatch(text) is not None
