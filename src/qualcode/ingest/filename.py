"""What a file name says unmistakably of an interview, e.g. ``INT04_chef_2026-03-01_boelge2.docx``."""

import datetime
import re
from functools import reduce
from pathlib import Path

from qualcode.ingest.levels import is_title
from qualcode.models import Facts

_DATE = re.compile(r"(?<!\d)(20\d\d)-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])(?!\d)")
_DANISH_DATE = re.compile(r"(?<!\d)(0[1-9]|[12]\d|3[01])[-.](0[1-9]|1[0-2])[-.](20\d\d)(?!\d)")
_WAVE = re.compile(r"(?<![^\W_])(?:bølge|boelge|bolge|runde|wave)[-_ ]?(\d{1,2})(?!\d)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_SPELT_OUT = (("ae", "æ"), ("oe", "ø"), ("aa", "å"))
# Titles that file names use in other senses: who was talked about, where, or what the study is called.
_UNSURE = frozenset("borger borgere bruger brugere elev elever patient frivillig frivillige formand lærer".split())


def facts_in_name(file: str) -> Facts:
    """Return role, date and wave from a file name; what might mean something else is left out.

    >>> facts_in_name("INT04_chef_2026-03-01_boelge2.docx")
    Facts(role='chef', department=None, date='2026-03-01', wave='2')
    """
    stem = Path(file).stem
    wave = _WAVE.search(stem)
    titles = {title for title in map(_title, _WORD.findall(stem)) if title}
    return Facts(
        role=titles.pop() if len(titles) == 1 else None, date=_date(stem), wave=wave[1].lstrip("0") if wave else None
    )


def _title(word: str) -> str | None:
    """Return a word that is a title, with its Danish letters where the file's name spells them out."""
    plain = word.lower()
    spelt = [plain.replace(pair, letter) for pair, letter in _SPELT_OUT]
    every = reduce(lambda title, pair: title.replace(*pair), _SPELT_OUT, plain)
    for title in (*(title for title in (every, *spelt) if title != plain), plain):
        if title not in _UNSURE and len(title) > 3 and is_title(title):
            return title
    return None


def _date(stem: str) -> str | None:
    found = [(match[1], match[2], match[3]) for match in _DATE.finditer(stem)]
    found += [(match[3], match[2], match[1]) for match in _DANISH_DATE.finditer(stem)]
    if len(found) != 1:
        return None
    try:
        return datetime.date(*map(int, found[0])).isoformat()
    except ValueError:
        return None
