"""Measure the gate on labelled lines: ``python -m qualcode.privacy.measure tests/privacy_lines.yaml [--misses]``.

An identifier counts as found if a finding of its group of kinds overlaps it, a finding as right if it overlaps an
identifier of its group. Groups, since it matters little whether *Favrskov Kommune* is called a place or a workplace:
persons, numbers, net, places.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from qualcode.models import Interview, Turn
from qualcode.privacy.findings import Kind
from qualcode.privacy.gate import find_identifiers

_MARK = re.compile(r"\{([a-z-]+)\|([^}]*)\}")
GROUPS = {
    "personer": frozenset({Kind.NAVN}),
    "numre": frozenset({Kind.CPR, Kind.TELEFON, Kind.CVR, Kind.KONTO, Kind.NUMMERPLADE}),
    "net": frozenset({Kind.EMAIL, Kind.URL, Kind.BRUGERNAVN}),
    "steder": frozenset({Kind.ADRESSE, Kind.POSTNUMMER, Kind.STED, Kind.ARBEJDSPLADS}),
}
_GROUP_OF = {kind: group for group, kinds in GROUPS.items() for kind in kinds}
Span = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Score:
    """Counts over lines.

    Attributes:
        marked: identifiers in the lines
        found: of these, how many were found
        flagged: findings
        right: of these, how many overlap an identifier
    """

    marked: int
    found: int
    flagged: int
    right: int

    @property
    def recall(self) -> float:
        """Share of the identifiers that were found, 1 if there are none."""
        return self.found / self.marked if self.marked else 1.0

    @property
    def precision(self) -> float:
        """Share of the findings that are right, 1 if there are none."""
        return self.right / self.flagged if self.flagged else 1.0


def unmark(line: str) -> tuple[str, list[Span]]:
    """Return a labelled line without its marks, and the marked spans with their group.

    >>> unmark("Ring til {navn|Mette} nu")
    ('Ring til Mette nu', [(9, 14, 'personer')])
    """
    text, spans, position = "", [], 0
    for match in _MARK.finditer(line):
        text += line[position : match.start()]
        spans.append((len(text), len(text) + len(match[2]), _GROUP_OF[Kind(match[1])]))
        text += match[2]
        position = match.end()
    return text + line[position:], spans


def flagged_in(text: str) -> list[Span]:
    """Return what the gate finds in a line said by an informant."""
    interview = Interview("linje", "linje.txt", text, (Turn(1, 0, len(text), "IP", interviewer=False),), ())
    return [(finding.start, finding.end, _GROUP_OF[finding.kind]) for finding in find_identifiers(interview)]


def score(lines: Iterable[str], group: str | None = None) -> Score:
    """Return the counts over labelled lines, for all groups or one."""
    marked = found = flagged = right = 0
    for line in lines:
        text, spans = unmark(line)
        findings = [finding for finding in flagged_in(text) if group in (None, finding[2])]
        spans = [span for span in spans if group in (None, span[2])]
        marked += len(spans)
        flagged += len(findings)
        found += sum(any(_meet(span, finding) for finding in findings) for span in spans)
        right += sum(any(_meet(span, finding) for span in spans) for finding in findings)
    return Score(marked, found, flagged, right)


def _meet(one: Span, other: Span) -> bool:
    return one[2] == other[2] and one[0] < other[1] and other[0] < one[1]


def mistakes(lines: Iterable[str]) -> Iterator[str]:
    """Yield what was missed and what was wrongly flagged, with the line: the labelled lines are invented."""
    for line in lines:
        text, spans = unmark(line)
        findings = flagged_in(text)
        for span in spans:
            if not any(_meet(span, finding) for finding in findings):
                yield f"overset: {text[span[0] : span[1]]!r} i {text!r}"
        for finding in findings:
            if not any(_meet(span, finding) for span in spans):
                yield f"falsk:   {text[finding[0] : finding[1]]!r} ({finding[2]}) i {text!r}"


def table(halves: dict[str, list[str]]) -> str:
    """Return the figures as a Markdown table."""
    rows = [
        "| lines | group | identifiers | found | findings | right | recall | precision |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    for half, lines in halves.items():
        for group in (None, *GROUPS):
            counts = score(lines, group)
            rows.append(
                f"| {half} ({len(lines)}) | {group or 'all'} | {counts.marked} | {counts.found} | {counts.flagged} "
                f"| {counts.right} | {counts.recall:.3f} | {counts.precision:.3f} |"
            )
    return "\n".join(rows)


def main(arguments: Sequence[str]) -> int:
    """Print the figures for a file of labelled lines; with ``--misses`` also the mistakes in the half for tuning."""
    file, *options = arguments
    halves = yaml.safe_load(Path(file).read_text(encoding="utf-8"))
    lines = [table(halves)]
    if "--misses" in options:
        lines += mistakes(halves["tune"])
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
