"""Which line beginnings may be speaker labels, in the styles that transcripts use.

A label ends with a colon or stands with a time code (:func:`label_at`). Transcripts without such labels set
them off in other ways, one a document: :data:`OTHER_STYLES`. Whether a possible label is a speaker is decided
elsewhere, from the whole document.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from qualcode.ingest.times import RANGE, clock

_NAME = r"[^\W\d_](?:[^\n\t:*_?!\"»«<>\[\]{}]|(?<=\w)_(?=\w)){0,58}?"
_BRACKETED_TIME = r"[\[(<{]\s*\#?\d{1,3}:\d{1,2}(?::\d{1,2})?(?:[.,-]\d{1,7})?\#?\s*[\])>}]|\#\d{1,3}:\d\d[\d:.,-]*\#"
# Markdown's quote, emphasis, list and heading marks.
_MARKS = " \t\xa0>*_#•–-"
# A number of the line or paragraph.
_LEAD = r"(?:\d{1,4}[.)]?[ \t]+)?"
# A label and what belongs to it is never longer; what a pattern sees is bounded, and so is its time.
_LONGEST = 160

_WITH_COLON = re.compile(
    rf"""
    ^{_LEAD}
    (?P<before>{RANGE}\s*[-–|]?\s*)?
    [*_]*[\[<(]?(?P<label>{_NAME})[\]>)]?
    (?P<within>[\s,*_–-]*{RANGE})?
    \s*[*_]*\s*:(?!\S*//)[*_]*(?:\s+|$|(?=[^\W\d_]|[\[(….\"»'-]))
    (?P<after>(?:(?:{_BRACKETED_TIME})[*_]*|{RANGE}(?=[ ]*\t))\s*)?
    """,
    re.VERBOSE,
)
_WITH_TIME = re.compile(
    rf"""
    ^{_LEAD}[*_]*
    (?:
        (?P<label>{_NAME})[*_]*[\s,|–-]+(?P<time>{RANGE})[*_]*\s*$            # Mette Hansen   0:03
      | (?P<time2>{RANGE})[\s,|–-]*[*_]*(?P<label2>{_NAME})[*_]*\s*$         # 00:00:03 Mette Hansen
      | [\[<(]?(?P<label3>{_NAME})[\]>)]?[*_]*\s*(?P<time3>{_BRACKETED_TIME})[*_]*\s+  # Mette [00:03] Ja
    )
    """,
    re.VERBOSE,
)
_OWN_LINE = re.compile(rf"^{_LEAD}[*_]*[\[<(]?(?P<label>{_NAME})[\]>)]?[*_]*\s*$")
_BEFORE_TAB = re.compile(
    rf"^{_LEAD}(?:(?P<time>{RANGE})[ ]*\t[ ]*)?(?P<label>{_NAME})[ ]*\t\s*(?:(?P<time2>{RANGE})[ ]*\t\s*)?(?=\S)"
)
_EMPHASISED = re.compile(rf"^[\s>]{{0,20}}(\*\*|__)(?P<label>{_NAME})\1\s*(?=\S|$)")
_OTHER_MARKS = re.compile(
    rf"^{_LEAD}(?:[\[(<](?P<bracketed>{_NAME})[\])>]|(?P<label>[^\W\d_][\w ]{{0,18}}?)(?:\s+[-–—]|[>.;)/|]))\s+(?=\S)"
)
_LONGEST_OWN_LINE = 50


@dataclass(frozen=True, slots=True)
class Label:
    """A line beginning that may be a speaker label; ``end`` is where the speech begins in the line."""

    text: str
    end: int
    time: str | None = None


def label_at(line: str) -> Label | None:
    """Return the possible label at the start of a line: one with a colon or with a time code.

    >>> label_at("IP1: Jamen altså")
    Label(text='IP1', end=5, time=None)
    >>> label_at("Mette Hansen   0:03")
    Label(text='Mette Hansen', end=19, time='00:00:03')
    """
    if ":" not in line:
        return None
    marks, start = _start(line)
    match = _WITH_COLON.match(start)
    if match:
        time = match["before"] or match["within"] or match["after"]
        return _label(match["label"], marks + match.end(), time)
    match = _WITH_TIME.match(start)
    if match:
        name = match["label"] or match["label2"] or match["label3"]
        return _label(name, marks + match.end(), match["time"] or match["time2"] or match["time3"])
    return None


def _start(line: str) -> tuple[int, str]:
    """Return how many marks a line begins with, and what comes after them as far as a label may reach.

    The ``#`` of a time code (``#00:01:02-5# I:``) goes with the marks; the code is known by its end.
    """
    marks = len(line) - len(line.lstrip(_MARKS))
    return marks, line[marks : marks + _LONGEST]


def _label(name: str, end: int, time: str | None = None) -> Label:
    return Label(_balanced(name.strip(" ,|–-")), end, clock(time) if time else None)


def _balanced(name: str) -> str:
    """Give back the bracket that closes a title: ``Respondent 2 (chef`` was cut before it."""
    return name + ")" if name.count("(") > name.count(")") else name


def _own_line(line: str, bold: int, following: str) -> Label | None:
    match = _OWN_LINE.match(_start(line)[1]) if len(line) <= _LONGEST_OWN_LINE and following.strip() else None
    return _label(match["label"].rstrip(" .;"), len(line)) if match else None


def _bold(line: str, bold: int, following: str) -> Label | None:
    """Take a bold beginning, by the format or by Markdown's marks, for a label."""
    match = _EMPHASISED.match(line[:_LONGEST])
    if match:
        return _label(match["label"].rstrip(" .;"), match.end())
    name = line[:bold].strip(" \t.;–-:[]")
    if not bold or not name or len(name) > _LONGEST_OWN_LINE or not name[0].isalpha():
        return None
    return _label(name, bold + len(line[bold:]) - len(line[bold:].lstrip(" \t.;–-:")))


def _before_tab(line: str, bold: int, following: str) -> Label | None:
    marks, start = _start(line)
    match = _BEFORE_TAB.match(start)
    if match is None:
        return None
    return _label(match["label"].rstrip(" .;"), marks + match.end(), match["time"] or match["time2"])


def _other_marks(line: str, bold: int, following: str) -> Label | None:
    marks, start = _start(line)
    match = _OTHER_MARKS.match(start)
    return _label(match["bracketed"] or match["label"], marks + match.end()) if match else None


# Name of a style → the possible label of a line, given how many of its first characters are bold and the next line.
OTHER_STYLES: Mapping[str, Callable[[str, int, str], Label | None]] = {
    "bold": _bold,
    "own line": _own_line,
    "tab": _before_tab,
    "other marks": _other_marks,
}
