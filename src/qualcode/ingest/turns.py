"""Blocks of text → speaker turns."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from qualcode.ingest.document import Document
from qualcode.ingest.labels import OTHER_STYLES, Label, label_at
from qualcode.ingest.speakers import is_full_name, one_spelling, speakers_among, title_in
from qualcode.ingest.times import clock, is_only_time

# Headings of an interview guide, and what recorders and transcribers write between the turns: nobody's speech.
_BEGAN_OR_ENDED = r"(?:startede|stoppede|startet|stoppet|started|stopped)"
_RECORDING = r"(?:interview(?:et)?|optagelsen?|transskription(?:en)?)"
_NOBODYS = re.compile(
    rf"""\s*(?:
        \#{{1,6}}\s+\S.*
      | .{{1,60}}\s(?:har\s)?{_BEGAN_OR_ENDED}\s+(?:transskri\w+|transcri\w+|optagelse\w*|recording)
      | \W*{_RECORDING}\s+(?:er\s+)?(?:slut|slutter|stopper|afsluttet|afsluttes)\W*
      | \W*(?:slut|slutning|afslutning)\s+på\s+{_RECORDING}\W*
      | transcribed\ by\ https?://\S+
    )\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_LAST_TIME = re.compile(r"\s*(?:#\d{1,3}:\d\d[\d:.,-]*#|[\[({]\s*\d{1,3}:\d\d(?::\d\d)?(?:[.,-]\d{1,3})?\s*[\])}])\s*$")
# A line with nothing else is the empty line of a Markdown quotation.
_QUOTE_MARKS = " \t\n\xa0>"
_FEWEST_TURNS = 2
_LONGEST_NOTE = 120
_LONGEST_QUESTION = 1000
_ALL_BOLD = re.compile(r"\s*\*\*[^*]+\*\*\s*")


@dataclass(slots=True)
class Speech:
    """A turn being built: who speaks, when, and the spans of what was said.

    Attributes:
        role: the speaker's role in a column of its own
        title: the title in the label, e.g. of ``Respondent 2 (chef)``
        unlabelled: whether only bold type tells the questions from the answers
    """

    speaker: str
    time: str | None
    role: str | None = None
    title: str | None = None
    unlabelled: bool = False
    spans: list[tuple[int, int]] = field(default_factory=list)


def possible_labels(document: Document) -> list[Label | None]:
    """Return the possible label of each block: given by the format, or written with a colon or a time."""
    return [
        Label(block.label, 0, block.time) if block.label else label_at(document.text[block.start : block.end])
        for block in document.blocks
    ]


def find_turns(
    document: Document, possible: Sequence[Label | None], first: int, known: Sequence[str], *, lenient: bool
) -> list[Speech]:
    """Return the turns from block ``first`` on; text before the first label belongs to nobody.

    Labels with colons and times are tried first. Where they give no conversation, the other styles are tried, and
    the one with most turns is taken.

    Args:
        document: the transcript
        possible: the possible label of each block
        first: the block after the header
        known: labels that the study or a legend names
        lenient: whether a label that comes once is enough
    """
    lines = lines_of(document)
    candidates = {index: label for index, label in enumerate(possible) if label and index >= first}
    best = _turns(document, lines, first, candidates, known, lenient=lenient)
    if _is_conversation(best):
        return best
    for style in OTHER_STYLES:
        found = candidates | _other_candidates(document, lines, first, candidates, style)
        turns = _turns(document, lines, first, found, known, lenient=lenient)
        if _is_conversation(turns) and len(turns) > len(best):
            best = turns
    return best or _bold_questions(document, lines, first)


def _bold_questions(document: Document, lines: Sequence[str], first: int) -> list[Speech]:
    """Return the turns of a transcript without labels whose questions are set in bold, and nothing else is."""
    turns: list[Speech] = []
    for block, line in list(zip(document.blocks, lines, strict=True))[first:]:
        if not line.strip() or block.heading:
            continue
        bold = block.bold >= len(line.rstrip()) or _ALL_BOLD.fullmatch(line[:_LONGEST_QUESTION]) is not None
        speaker = "Interviewer" if bold else "Informant"
        if bold or turns:
            if not turns or turns[-1].speaker != speaker:
                turns.append(Speech(speaker, block.time, unlabelled=True))
            turns[-1].spans.append(_stripped(document.text, block.start, block.end))
    asked = [
        "?" in document.text[turn.spans[0][0] : turn.spans[-1][1]] for turn in turns if turn.speaker == "Interviewer"
    ]
    return turns if len(turns) > _FEWEST_TURNS and sum(asked) >= len(asked) / 2 and len(asked) > 1 else []


def lines_of(document: Document) -> list[str]:
    """Return the text of each block, labels given by the format left out."""
    return [document.text[block.start : block.end] for block in document.blocks]


def _is_conversation(turns: Sequence[Speech]) -> bool:
    return len(turns) >= _FEWEST_TURNS and len({turn.speaker for turn in turns}) > 1


def _other_candidates(
    document: Document, lines: Sequence[str], first: int, found: Mapping[int, Label], style: str
) -> dict[int, Label]:
    """Return block number → possible label in another style, for the blocks that have none yet."""
    others: dict[int, Label] = {}
    following = ""
    for index in range(len(lines) - 1, first - 1, -1):
        line = lines[index]
        if not line.strip():
            continue
        label = None if index in found else OTHER_STYLES[style](line, document.blocks[index].bold, following)
        if label:
            others[index] = label
        following = line
    return others


def _turns(
    document: Document,
    lines: Sequence[str],
    first: int,
    candidates: Mapping[int, Label],
    known: Sequence[str],
    *,
    lenient: bool,
) -> list[Speech]:
    by_format = {label.text for index, label in candidates.items() if document.blocks[index].label}
    # A full name with a time, as Teams and Otter write it, is a speaker though he comes once.
    by_format |= {label.text for label in candidates.values() if label.time and is_full_name(label.text)}
    labels = [candidates[index].text for index in sorted(candidates)]
    accepted = speakers_among(labels, (*known, *by_format), lenient=lenient)
    speakers = one_spelling(label for label in labels if label in accepted)
    turns: list[Speech] = []
    time: str | None = None
    for index in range(first, len(lines)):
        block, line = document.blocks[index], lines[index]
        label = candidates.get(index)
        start = block.start
        if label and label.text in speakers:
            when = label.time or block.time or time
            turns.append(Speech(speakers[label.text], when, block.role, title_in(label.text)))
            start, time = start + label.end, None
        elif is_only_time(line):
            if turns and not turns[-1].spans and turns[-1].time is None:
                # The time stands between the label and the speech.
                turns[-1].time = clock(line)
            else:
                time = clock(line)
            continue
        elif block.heading or (len(line) <= _LONGEST_NOTE and _NOBODYS.fullmatch(line)):
            continue
        if turns and document.text[start : block.end].strip(_QUOTE_MARKS):
            turns[-1].spans.append(_stripped(document.text, start, block.end))
    _use_closing_times(document.text, turns)
    return [turn for turn in turns if turn.spans and turn.spans[0][0] < turn.spans[-1][1]]


def _use_closing_times(text: str, turns: Sequence[Speech]) -> None:
    """Take a time code at the end of a turn (``… #00:01:02-5#``) out of the speech; without another it is the time."""
    for turn in turns:
        if not turn.spans:
            continue
        start, end = turn.spans[-1]
        match = _LAST_TIME.search(text, max(start, end - 40), end)
        if match:
            turn.time = turn.time or clock(match[0])
            turn.spans[-1] = (start, match.start())
            if match.start() == start:
                turn.spans.pop()


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())
