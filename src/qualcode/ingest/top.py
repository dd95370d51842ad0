"""What stands above the conversation: facts of the interview as ``Key: value`` lines or table rows, and legends."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from qualcode.ingest.dates import iso_date
from qualcode.ingest.document import Document
from qualcode.ingest.labels import label_at
from qualcode.ingest.legend import (
    LIST_KEYS,
    Legend,
    equations,
    explains,
    is_respondent,
    like_title,
    listed,
    names_a_part,
    people,
    title_of,
)
from qualcode.ingest.levels import level_of
from qualcode.ingest.speakers import is_usual
from qualcode.models import Facts, Level

_KEYS = {
    "interview": "interview interviewnr interviewnummer interview-id interviewid informantnr informantnummer id",
    "role": "rolle role stilling titel stillingsbetegnelse funktion jobtitel stillingstitel",
    "department": "forvaltning afdeling enhed område arbejdsplads arbejdssted organisation center fagområde",
    "date": "dato interviewdato",
    "wave": "bølge runde interviewrunde dataindsamlingsrunde målerunde wave",
    "level": "niveau ledelsesniveau",
}
_FACTS = {word: name for name, words in _KEYS.items() for word in words.split()} | {
    "interview nr": "interview",
    "interview nr.": "interview",
    "interview id": "interview",
    "dato for interview": "date",
    "informantens rolle": "role",
    "informantens stilling": "role",
    "informantens titel": "role",
}
# Facts that qualcode has no use for; they are no speakers.
_OTHER_FACTS = frozenset(
    "sted lokation tid tidspunkt varighed længde lydfil optagelse fil filnavn projekt kommune "
    "transskriberet transskribent køn alder anciennitet uddannelse interviewform form emne titel studie "
    "version status navn case dataindsamling sprog interviewtype type kontekst note noter bemærkning "
    "bemærkninger udskrevet format emner tema".split()
) | {
    "transskriberet af",
    "interview af",
    "foretaget af",
    "optaget med",
    "udskrevet af",
    "anonymiseret af",
    "transskription af",
}
_LINE = re.compile(r"^[\s>*_#•-]*(?P<key>[^\W\d_][\w ./()-]{0,40}?)[*_]*\s*(?::[*_]*|\t)\s*(?P<value>.*?)[*_]*\s*$")
_END = re.compile(r"^\s*[-–—_=*]{3,}\s*$")
_PERSON = re.compile(r"[A-ZÆØÅ][\w.-]*(?:\s+[A-ZÆØÅ][\w.-]*){0,3}(?:\s*[,(].{0,60})?")
_GREETINGS = re.compile(
    r"(?:velkommen|goddag|hej|dav|tak|ja|nej|jo|okay|ok|nå|så|godmorgen|super|fint)\b", re.IGNORECASE
)
# "- A (pædagog)", "B – souschef"
_LISTED = re.compile(
    r"[\s>*_•-]*(?P<label>[^\W\d_][\w.]{0,14}(?: \w{1,14})?)[*_]*\s*(?:\(|[–—,]\s|-\s)(?P<meaning>[^():]{2,60})\)?\s*"
)
_WITH_WHOM = re.compile(
    r"[\s#*_]*(?:Interview|Samtale)(?:\s(?:nr\.?\s)?\d+)?\s*[:,–-]?\s+med\s+(?:en|et)?\s*(?P<role>[^\d,:;.?!()]{3,60})",
    re.IGNORECASE,
)
_LONGEST = 60
_MOST_TITLES = 12
_LONGEST_LINE = 300


@dataclass(slots=True)
class Top:
    """What stands above the conversation; ``blocks`` is how many blocks it takes up.

    Attributes:
        interview: the interview's name
        facts: name of a fact → value
        legend: what is said of labels
        closed: whether a line of dashes ends it, as the plain contract has it
    """

    interview: str | None = None
    values: dict[str, str] = field(default_factory=dict)
    legend: Legend = field(default_factory=Legend)
    blocks: int = 0
    closed: bool = False

    @property
    def facts(self) -> Facts:
        """The facts as the interview keeps them; a level of its own says what the role leaves open."""
        values = dict(self.values)
        level, role = values.pop("level", None), values.get("role")
        if level and role is None:
            values["role"] = level
        elif level and level.isdigit():
            values["role"] = f"{role} (niveau {level})"
        return Facts(**values)

    def note(self, name: str, value: str) -> None:
        """Keep a fact; an empty one is none."""
        if value and name == "interview":
            self.interview = value
        elif value:
            self.values[name] = iso_date(value) if name == "date" else value


def read_top(document: Document, labels: Collection[str]) -> Top:
    """Return the facts and legends above the conversation.

    A header is ``Key: value`` lines with different keys, one of them known, ended by ``---``. Without the closing
    line, known keys and legends at the very top are trusted, with short titles between them: speech has colons, too.

    Args:
        document: the transcript
        labels: the possible speaker labels of its lines, as often as they come
    """
    lines = [_line(document, index) for index in range(min(_LONGEST, len(document.blocks)))]
    begin = next((index for index, line in enumerate(lines) if line.strip()), 0)
    begin += bool(lines[begin:] and _END.match(lines[begin]))
    end = next((index for index in range(begin, len(lines)) if _END.match(lines[index])), None)
    closed = _closed(lines[begin:end], labels) if end is not None else None
    if closed is not None and end is not None:
        closed.blocks, closed.closed = end + 1, True
        return closed
    return _open(lines, begin, labels)


def _line(document: Document, index: int) -> str:
    block = document.blocks[index]
    text = document.text[block.start : min(block.end, block.start + _LONGEST_LINE)]
    return f"{block.label}: {' '.join(text.split())}" if block.label else text


def _closed(lines: Sequence[str], labels: Collection[str]) -> Top | None:
    """Return the header in lines that end with dashes, None if they are none."""
    top, seen = Top(), set()
    for line in lines:
        match = _LINE.match(line)
        if not line.strip():
            continue
        if _legend_line(top, line):
            continue
        if not match or match["key"].lower() in seen:
            return None
        seen.add(match["key"].lower())
        _take(top, match["key"].strip(), match["value"], labels)
    return top if seen & _FACTS.keys() else None


def _open(lines: Sequence[str], begin: int, labels: Collection[str]) -> Top:
    top, seen, titles, listing = Top(), set[str](), 0, False
    for index in range(begin, len(lines)):
        line = lines[index]
        if not line.strip() or (_END.match(line) and top.blocks == index):
            continue
        match = _LINE.match(line)
        key = match["key"].strip().lower() if match else ""
        listing = key in LIST_KEYS or (listing and _listed_line(top, line))
        if (listing and key not in LIST_KEYS) or _legend_line(top, line):
            top.blocks = index + 1
        elif match and key not in seen and _take(top, match["key"].strip(), match["value"], labels):
            top.blocks = index + 1
            seen.add(key)
        elif match and is_usual(key) and _names_somebody(match["value"]) and _among_facts(lines, index):
            top.blocks = index + 1
        elif titles < _MOST_TITLES and len(line) <= 100 and not _is_speech(line, match, labels):
            titles += 1
            _title_line(top, line)
        else:
            break
    return top


def _names_somebody(value: str) -> bool:
    return _PERSON.fullmatch(value) is not None and not _GREETINGS.match(value)


def _among_facts(lines: Sequence[str], index: int) -> bool:
    """Tell whether a name stands among facts: in one paragraph with a known fact, or with nothing but full names."""
    around = [*_paragraph(lines[:index][::-1]), *_paragraph(lines[index:])]
    matches = [match for match in map(_LINE.match, around) if match]
    keys = [match["key"].strip().lower() for match in matches]
    if any(key in _FACTS or key in _OTHER_FACTS or key in LIST_KEYS for key in keys):
        return True
    full_names = [match for match in matches if _names_somebody(match["value"]) and len(match["value"].split()) > 1]
    return len(full_names) == len(around) > 1


def _paragraph(lines: Sequence[str]) -> list[str]:
    """Return the lines before the first empty one, for as long as each may be a fact or a name."""
    found = []
    for line in lines:
        match = _LINE.match(line)
        if not match or not match["value"]:
            break
        found.append(line)
        if len(found) > _MOST_TITLES or (is_usual(match["key"].strip()) and not _names_somebody(match["value"])):
            break
    return found


def _is_speech(line: str, match: re.Match[str] | None, labels: Collection[str]) -> bool:
    """Tell whether the conversation begins here: a label that is usual or comes again."""
    label = label_at(line)
    if label is None:
        return is_usual(line.strip(" *_#:.[]()")) or (match is not None and is_usual(match["key"].strip()))
    return is_usual(label.text) or list(labels).count(label.text) > 1


def _legend_line(top: Top, line: str) -> bool:
    pairs = equations(line.strip(" >*_#•-"))
    for label, meaning in pairs:
        top.legend.add(label, meaning)
    return bool(pairs)


def _listed_line(top: Top, line: str) -> bool:
    """Note a person from a list with a line each: ``- A (pædagog)``."""
    match = _LISTED.fullmatch(line)
    if match is None or not (like_title(match["meaning"]) or names_a_part(match["meaning"])):
        return False
    top.legend.add(match["label"], match["meaning"].strip())
    return True


def _title_line(top: Top, line: str) -> None:
    """Take the role from a heading such as ``Interview med souschef i dagtilbud``."""
    match = _WITH_WHOM.match(line)
    if match and "role" not in top.values and level_of(match["role"]) is not Level.UKENDT:
        top.values["role"] = match["role"].strip()


def _take(top: Top, key: str, value: str, labels: Collection[str]) -> bool:
    """Keep what a ``Key: value`` line says; return whether it belongs above the conversation."""
    name = key.lower()
    if name in _FACTS:
        top.note(_FACTS[name], value)
        return True
    if name in LIST_KEYS:
        for label, meaning in listed(value):
            top.legend.add(label, meaning)
        return True
    found = list(people(key, value, labels))
    for label, meaning in found:
        top.legend.add(label, meaning)
    if found or name in _OTHER_FACTS:
        return True
    role = title_of(value) if is_respondent(key) and list(labels).count(key) == 1 and like_title(value) else None
    if role:
        top.values.setdefault("role", role)
        return True
    if explains(key, value, labels):
        top.legend.add(key, value)
        return True
    return False
