"""Reader for plain text and Markdown: a block a line.

Markdown is read as text; its quote marks and the emphasis around a label (``**I:**``) are left to the
speaker finder, since stripping them here would move offsets away from the file.
"""

from qualcode.ingest.decoding import decode
from qualcode.ingest.document import RawBlock, Source, canonical


def read_plain(source: Source) -> list[RawBlock]:
    """Return the lines of a text file.

    Raises:
        InputError: the bytes are no text.
    """
    return [RawBlock(line) for line in canonical(decode(source.data, source.file)).split("\n")]
