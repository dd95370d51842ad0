"""Reader for subtitle files, WebVTT and SubRip: Teams, Zoom, Whisper and the like.

Teams names the speaker in a voice tag (``<v Mette>``), Zoom writes ``Mette: …``, WhisperX ``[SPEAKER_00]: …``.
"""

import html
import io
import re
from collections.abc import Iterator

import webvtt

from qualcode.errors import InputError
from qualcode.ingest.cues import Cue, blocks_of_cues
from qualcode.ingest.decoding import decode
from qualcode.ingest.document import RawBlock, Source, canonical

_VOICE = re.compile(r"<v(?:\.[^\s>]*)?[ \t]+([^>]+)>")
_TAG = re.compile(r"</?[a-z][^>\n]*>|<\d[\d:.]*>|\{\\[^}\n]*\}", re.IGNORECASE)
_NO_HEADER = re.compile(r"\AWEBVTT(?=\S)")


def read_vtt(source: Source) -> list[RawBlock]:
    """Return what each voice of a WebVTT file says.

    Raises:
        InputError: the bytes are no text, or hold no cues.
    """
    return _read(source, "vtt")


def read_srt(source: Source) -> list[RawBlock]:
    """Return what each voice of a SubRip file says.

    Raises:
        InputError: the bytes are no text, or hold no cues.
    """
    return _read(source, "srt")


def _read(source: Source, kind: str) -> list[RawBlock]:
    text = canonical(decode(source.data, source.file)).lstrip()
    if kind == "vtt":
        text = _NO_HEADER.sub("WEBVTT ", text)
    try:
        captions = webvtt.from_buffer(io.StringIO(text), format=kind).captions
        cues = [cue for caption in captions for cue in _voices(float(caption.start_in_seconds), caption.raw_text)]
    except Exception:
        # webvtt-py's own errors and what malformed times make of it; to the user they are one thing.
        cues = []
    if not cues:
        raise InputError(
            source.file,
            "filen har ingen undertekster, der kan læses",
            mend="Eksportér den igen som .vtt, .srt eller .docx",
        )
    return blocks_of_cues(cues)


def _voices(seconds: float, raw: str) -> Iterator[Cue]:
    """Yield a cue for each voice in a caption; what stands before the first voice tag has none."""
    before, *voiced = _VOICE.split(raw)
    if before.strip():
        yield Cue(seconds, _plain(before))
    for name, said in zip(voiced[::2], voiced[1::2], strict=True):
        yield Cue(seconds, _plain(said), _plain(name) or None)


def _plain(text: str) -> str:
    return html.unescape(_TAG.sub("", text)).strip()
