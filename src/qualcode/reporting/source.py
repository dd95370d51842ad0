"""Re-read every quote from its transcript before it is printed."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from qualcode.errors import InputError, QualcodeError
from qualcode.ingest.read import Hints, read_transcript
from qualcode.models import Interview


class QuoteError(QualcodeError):
    """A quote that is not, word for word, where its coding says."""


class SourceTexts:
    """Reads transcripts from disk as they are now, each once, when a quote from it is asked for.

    Args:
        folder: the study folder
        interviews: as stored; only ids and file names are used
        hints: how the study reads its transcripts
    """

    def __init__(self, folder: Path, interviews: Iterable[Interview], hints: Hints) -> None:
        self._folder = folder
        self._files = {interview.id: interview.file for interview in interviews}
        # Quotes are compared word for word: tracked changes that were accepted in a run need no second consent.
        self._hints = replace(hints, accept_changes=True)
        self._read: dict[str, Interview] = {}

    def quote(self, interview: str, start: int, end: int, expected: str) -> str:
        """Return the words at a place in the transcript.

        Raises:
            QuoteError: the transcript cannot be read or says something else there.
        """
        file = self._files[interview]
        try:
            if interview not in self._read:
                self._read[interview] = read_transcript(self._folder / file, self._hints)
            found = self._read[interview].quote(start, end)
        except (InputError, ValueError):
            found = None
        if found != expected:
            raise QuoteError(
                f"{file}: et citat (tegn {start}–{end}) står ikke længere ordret i transskriptionen. "
                "Kør 'qualcode run', så den læses igen."
            )
        return expected
