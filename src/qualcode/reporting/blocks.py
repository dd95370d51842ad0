"""The document that every format lays out: a sequence of blocks, without fonts, pages or tags.

A format is a function from ``Document`` to bytes that knows each kind of block; what is said, and in which order, is
settled before (``layout*.py``). Text is plain; ``Run`` carries the little markup there is.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from qualcode.reporting.pictures import Picture


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text; ``anchor`` links to a heading, figure or quote of the document."""

    text: str
    bold: bool = False
    italic: bool = False
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 4; ``kicker`` stands small above it. Level 4 stays out of the contents."""

    level: int
    text: str
    anchor: str = ""
    kicker: str = ""
    color: str = ""
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; ``style`` is one of *normal*, *lead*, *definition*, *fine*, *note*, *slot*."""

    runs: tuple[Run, ...]
    style: str = "normal"

    @property
    def text(self) -> str:
        """The words."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[tuple[Run, ...], ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote to print: verbatim words, line breaks turned to spaces, attributed by group only.

    Attributes:
        id: stable; names the words
        valence: *drivkraft*, *barriere*, *behov* or *neutral*; empty where it is not told
        approved: an analyst has approved the coding; else it is the machine's suggestion
        linked: its place is shown in the local view of the sources
        anchored: links to the quote lead here; False where it stands a second time
    """

    id: str
    text: str
    attribution: str
    valence: str
    approved: bool
    linked: bool = True
    anchored: bool = True

    @property
    def anchor(self) -> str:
        """Id for links."""
        return f"citat-{self.id}"


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a small bar chart: a name, what is written beside it, and a share in [0, 1] (None: hidden)."""

    name: str
    told: str
    share: float | None


@dataclass(frozen=True, slots=True)
class Bars:
    """A small bar chart that says no more than its own words; ``title`` is what it counts."""

    title: str
    bars: tuple[Bar, ...]
    color: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: the first cell names it. ``shades`` are 0 (none) to 4 for the cells after the first."""

    cells: tuple[str, ...]
    shades: tuple[int, ...] = ()
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with number, title and note; a table without a number has no caption line.

    Attributes:
        numeric: the cells after the first hold numbers
        widths: relative widths of the columns; even when empty
    """

    anchor: str
    number: int
    title: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""
    numeric: bool = True
    widths: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with number, title, note and a text that says what it shows."""

    anchor: str
    number: int
    title: str
    note: str
    alt: str
    picture: Picture


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """Large numbers with what they count."""

    figures: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A main finding: a few words in front, one sentence, the theme it comes from."""

    lead: str
    sentence: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Findings:
    """The main findings."""

    items: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """Where the contents stand; formats make them of the headings of level 1 and 2."""


Block = Heading | Paragraph | Bullets | Quote | Bars | Table | Figure | KeyFigures | Findings | Contents


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document: what stands on its front, and its blocks."""

    title: str
    kicker: str
    subtitle: str
    date: str
    blocks: tuple[Block, ...] = field(default=())


def plain(text: str, style: str = "normal") -> Paragraph:
    """Return text as a paragraph."""
    return Paragraph((Run(text),), style)


def without_gaps(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield blocks whose headings go down one level at a time, as those who listen to a document need."""
    before = 0
    for block in blocks:
        if isinstance(block, Heading):
            level = min(block.level, before + 1)
            before = level
            yield replace(block, level=level)
        else:
            yield block
