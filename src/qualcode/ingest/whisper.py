"""Reader for the JSON of speech recognition: Whisper, WhisperX, faster-whisper and whisper.cpp.

Whisper and WhisperX have ``segments`` of ``start``, ``text`` and – after diarisation – ``speaker``, in the
segment or in its words; whisper.cpp has ``transcription`` with ``offsets`` in milliseconds.
"""

import json
from collections.abc import Iterator, Mapping
from itertools import groupby

from qualcode.errors import InputError
from qualcode.ingest.cues import Cue, blocks_of_cues
from qualcode.ingest.decoding import decode
from qualcode.ingest.document import RawBlock, Source

_NO_TRANSCRIPT = "JSON-filen er ikke en transskription fra Whisper eller WhisperX"
_MEND = "Flyt den ud af studiemappen, eller gem transskriptionen som .docx eller .txt"


def read_whisper(source: Source) -> list[RawBlock]:
    """Return what each recognised speaker says.

    Raises:
        InputError: the bytes are no JSON, or no transcript.
    """
    try:
        found = json.loads(decode(source.data, source.file).lstrip("\ufeff"))
    except (ValueError, RecursionError):
        raise InputError(source.file, "JSON-filen er beskadiget", mend=_MEND) from None
    cues = [cue for segment in _segments(found) for cue in _cues(segment)]
    if not any(cue.text for cue in cues):
        raise InputError(source.file, _NO_TRANSCRIPT, mend=_MEND)
    return blocks_of_cues(cues)


def _segments(found: object) -> Iterator[Mapping[str, object]]:
    if isinstance(found, Mapping):
        found = next((found[key] for key in ("segments", "transcription") if isinstance(found.get(key), list)), None)
    if isinstance(found, list):
        yield from (item for item in found if isinstance(item, Mapping) and isinstance(item.get("text"), str))


def _cues(segment: Mapping[str, object]) -> Iterator[Cue]:
    """Yield a cue, or one for each change of speaker within the segment's words."""
    words = segment.get("words")
    speakers = [_speaker(word) for word in words] if isinstance(words, list) else []
    if isinstance(words, list) and len(set(filter(None, speakers))) > 1 and all(_word(word) for word in words):
        carried = _speaker(segment)
        filled = [carried := speaker or carried for speaker in speakers]
        pairs = zip(filled, words, strict=True)
        for speaker, group in groupby(pairs, key=lambda pair: pair[0]):
            said = [word for _, word in group]
            yield Cue(_start(said[0]), " ".join(_word(word) for word in said), speaker)
    else:
        spoken = next(filter(None, speakers), None)
        yield Cue(_start(segment), str(segment["text"]).strip(), _speaker(segment) or spoken)


def _word(word: object) -> str:
    value = (word.get("word") or word.get("text")) if isinstance(word, Mapping) else None
    return value.strip() if isinstance(value, str) else ""


def _speaker(item: object) -> str | None:
    speaker = item.get("speaker") if isinstance(item, Mapping) else None
    if isinstance(speaker, int) and not isinstance(speaker, bool):
        return f"SPEAKER_{speaker:02}"
    return speaker.strip() or None if isinstance(speaker, str) else None


def _start(item: object) -> float | None:
    if not isinstance(item, Mapping):
        return None
    start, scale = item.get("start"), 1.0
    offsets = item.get("offsets")
    if isinstance(offsets, Mapping):
        start, scale = offsets.get("from"), 0.001
    is_number = isinstance(start, int | float) and not isinstance(start, bool) and 0 <= start < 1e7
    return start * scale if is_number and isinstance(start, int | float) else None
