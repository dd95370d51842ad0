"""Cues of subtitles and speech recognition → blocks: what one voice says without a break is one block.

A cue is cut by the clock, in the middle of sentences; joined with spaces the sentences are whole again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qualcode.ingest.document import RawBlock
from qualcode.ingest.labels import label_at
from qualcode.ingest.speakers import speakers_among
from qualcode.ingest.times import clock_of_seconds


@dataclass(frozen=True, slots=True)
class Cue:
    """A piece of speech: where it begins in seconds, what is said, and who says it, if the file tells."""

    seconds: float | None
    text: str
    speaker: str | None = None


def blocks_of_cues(cues: Sequence[Cue]) -> list[RawBlock]:
    """Return a block for each stretch of one speaker; a cue that names nobody goes on with the last one.

    Names are taken from the format, else from a label in the text (``Mette: Ja``), as Zoom writes them.
    """
    blocks: list[RawBlock] = []
    words: list[str] = []
    speaker: str | None = None
    began: float | None = None
    for cue in _named(cues):
        if words and cue.speaker is not None and cue.speaker != speaker:
            blocks.append(_block(words, speaker, began))
            words = []
        speaker = cue.speaker or speaker
        began = cue.seconds if not words else began
        if cue.text:
            words.append(cue.text)
    if words:
        blocks.append(_block(words, speaker, began))
    return blocks


def _block(words: list[str], speaker: str | None, began: float | None) -> RawBlock:
    time = None if began is None else clock_of_seconds(began)
    return RawBlock(" ".join(words), label=speaker, time=time)


def _named(cues: Sequence[Cue]) -> Iterator[Cue]:
    """Yield the cues with labels in their text made speakers; a cue may hold lines of several."""
    lines = [(cue, " ".join(line.split())) for cue in cues for line in cue.text.split("\n") if line.strip()]
    labels = [label_at(line) for _, line in lines]
    speakers = speakers_among((label.text for label in labels if label), (), lenient=False)
    for (cue, line), label in zip(lines, labels, strict=True):
        if cue.speaker is None and label and label.text in speakers:
            yield Cue(cue.seconds, line[label.end :].strip(), label.text)
        else:
            yield Cue(cue.seconds, line, cue.speaker)
