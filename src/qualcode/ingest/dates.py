"""Dates as Danes write them → ISO, so that interviews can be put in order."""

import datetime
import re

_MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_BEFORE = re.compile(r"^(?:(?:man|tirs|ons|tors|fre|lør|søn)dag,?\s+)?(?:den|d\.?)?\s*", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})(?P<mark>[-./]?)(?P<month>\d{2})(?P=mark)(?P<day>\d{2})\b")
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})[-./]\s?(?P<month>\d{1,2})\s?[-./\s]\s?(?P<year>\d{4}|\d{2})\b")
_IN_WORDS = re.compile(r"(?P<day>\d{1,2})\.?\s+(?P<name>[a-zæøå]{3,9})\.?,?\s+(?P<year>\d{4})\b", re.IGNORECASE)
_LONGEST = 60


def iso_date(text: str) -> str:
    """Return a date in ISO form, what is none (``foråret 2026``) as it is.

    >>> iso_date("onsdag den 4. marts 2026, kl. 10"), iso_date("4/3-2026"), iso_date("04.03.26")
    ('2026-03-04', '2026-03-04', '2026-03-04')
    >>> iso_date("uge 10, 2026")
    'uge 10, 2026'
    """
    start = _BEFORE.sub("", text.strip()[:_LONGEST])
    for pattern in (_YEAR_FIRST, _DAY_FIRST, _IN_WORDS):
        match = pattern.match(start)
        if match:
            return _iso(match) or text
    return text


def _iso(match: re.Match[str]) -> str | None:
    parts = match.groupdict()
    try:
        month = int(parts["month"]) if "month" in parts else _MONTHS.index(parts["name"][:3].lower()) + 1
        year = int(parts["year"])
        return datetime.date(year + 2000 if year < 100 else year, month, int(parts["day"])).isoformat()
    except ValueError:
        return None
