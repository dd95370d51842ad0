"""Pieces of formatted text → lines with the length of their bold beginning; alike for docx, odt and rtf."""

from collections.abc import Iterable, Iterator

from qualcode.ingest.document import RawBlock

Piece = tuple[str, bool]


def lines_of(pieces: Iterable[Piece], *, heading: bool = False) -> Iterator[RawBlock]:
    r"""Yield the lines of a paragraph given as (text, bold) pieces; ``\n`` in a piece is a line break.

    >>> [(block.text, block.bold) for block in lines_of([("IP ", True), ("Ja.\nNej.", False)])]
    [('IP Ja.', 3), ('Nej.', 0)]
    """
    text: list[str] = []
    bold, still_bold = 0, True
    for piece, is_bold in pieces:
        for number, line in enumerate(piece.split("\n")):
            if number:
                yield RawBlock("".join(text), bold=bold, heading=heading)
                text, bold, still_bold = [], 0, True
            text.append(line)
            # White space between two bold runs is often not bold itself.
            still_bold = still_bold and (is_bold or not line.strip())
            if still_bold:
                bold += len(line)
    yield RawBlock("".join(text), bold=bold, heading=heading)
