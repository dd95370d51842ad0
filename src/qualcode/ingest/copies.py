"""Tell when two files hold the same interview, whatever they are called and saved as."""

import re
from collections.abc import Iterable

from qualcode.errors import InputError
from qualcode.ingest.read import Reading
from qualcode.models import Interview, digest

_WORD = re.compile(r"\w+")


def content_digest(interview: Interview) -> str:
    """Return a hash of the words spoken, turn by turn; file, labels, times, punctuation and line ends do not count."""
    return digest(
        [_WORD.findall(interview.quote(turn.start, turn.end).casefold()) for turn in interview.turns],
    )


def without_copies(readings: Iterable[Reading]) -> tuple[list[Reading], list[InputError]]:
    """Return readings without those that repeat an earlier one, and what is to be said of these."""
    first: dict[str, str] = {}
    kept: list[Reading] = []
    refused: list[InputError] = []
    for reading in readings:
        file = reading.interview.file
        earlier = first.setdefault(content_digest(reading.interview), file)
        if earlier == file:
            kept.append(reading)
        else:
            refused.append(InputError(file, f"samme indhold som {earlier}", mend="Fjern den ene fil"))
    return kept, refused
