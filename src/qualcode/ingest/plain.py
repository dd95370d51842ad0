"""Reader for plain text and Markdown: a block a line.

Markdown is read as text; its quote marks and the emphasis around a label (``**I:**``) are left to the
speaker finder, since stripping them here would move offsets away from the file.
"""

from qualcode.ingest.decoding import decode
from qualcode.ingest.document import RawBlock, canonical


def read_plain(data: bytes, file: str) -> list[RawBlock]:
    """Return the lines of a text file.

    Raises:
        InputError: the bytes are no text.
    """
    return [RawBlock(line) for line in canonical(decode(data, file)).split("\n")]
