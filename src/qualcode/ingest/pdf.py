"""Reader for PDF files with text: lines put together to paragraphs again.

PDFium marks the hyphen that breaks a word at a line's end. Running heads and feet, page numbers and line numbers
are taken out here; pictures of text are not read.

Limits: where a line ends for the sake of the page and where for the author's is told by its length, the gap below
it and labels. Cells of a table that run over several lines are not put together.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from statistics import median

from qualcode.errors import InputError
from qualcode.ingest.document import RawBlock, Source
from qualcode.ingest.labels import label_at
from qualcode.ingest.pdf_lines import Line, page_lines
from qualcode.ingest.tables import blocks_of_table
from qualcode.ingest.times import is_only_time

_MEND = "Åbn den i et PDF-program, og gem teksten som .docx eller .txt"
_FEWEST_LETTERS = 20
# PDFium's mark for a hyphen at a line's end, with what stands around it.
_HYPHEN = re.compile(r"(?P<before>\w?)(?:\ufffe|\x02)\s*(?P<after>\w?)")
_PAGE_NUMBER = re.compile(
    r"\s*(?:(?:side|page|s\.|p\.)\s*\d{1,4}(?:\s*(?:af|of|/)\s*\d{1,4})?|\d{1,4}\s*(?:af|of|/)\s*\d{1,4}|[-–|]\s*\d{1,4}\s*[-–|])\s*",
    re.IGNORECASE,
)
_LINE_NUMBER = re.compile(r"(\d{1,5})(?:\s+|$)")
_DIGITS = re.compile(r"\d+")
_RUNNING_LINES = 3
# Share of a page's height at top and bottom where only running lines stand.
_MARGIN = 0.07
# Places that differ less, as a share of the page's height, are on one line.
_SAME_LINE = 0.004
# Running lines have so many times the usual space to the text.
_SET_OFF = 1.15
# A line shorter than this share of a full one ends a paragraph.
_FULL = 0.75


def read_pdf(source: Source) -> list[RawBlock]:
    """Return the paragraphs and table rows of a PDF file.

    Raises:
        InputError: no readable PDF, an encrypted one, or one without text.
    """
    pages = page_lines(source, _MEND)
    if sum(character.isalpha() for page in pages for line in page for character in line.text) < _FEWEST_LETTERS:
        raise InputError(
            source.file,
            "PDF-filen har ingen tekst (den er nok skannet)",
            mend="Kør tekstgenkendelse (OCR), og gem som .docx",
        )
    kept = _without_running_lines(_without_line_numbers(pages))
    return list(_blocks([line for page in kept for line in page]))


def _without_running_lines(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Take away lines set off at top or bottom that are page numbers, recur on most pages, or stand in the margin."""
    edges = [_set_off(page) for page in pages]
    counts = Counter(form for lines in edges for form in {_form(line.text) for line in lines})
    running = {form for form, count in counts.items() if count >= max(2, 0.6 * len(pages)) and label_at(form) is None}
    kept = []
    for number, (page, edge) in enumerate(zip(pages, edges, strict=True), start=1):
        gone = {
            line
            for line in edge
            if _PAGE_NUMBER.fullmatch(line.text)
            or line.text == str(number)
            or (_form(line.text) and _form(line.text) in running)
            or (not _MARGIN < line.bottom < 1 - _MARGIN and len(edge) < len(page))
        }
        kept.append([line for line in page if line not in gone])
    return kept


def _set_off(page: Sequence[Line]) -> set[Line]:
    """Return the few lines at the top and bottom of a page with more space to the rest than there is between lines."""
    ordered = sorted(page, key=lambda line: -line.bottom)
    gaps = [above.bottom - below.bottom for above, below in pairwise(ordered)]
    usual = median([gap for gap in gaps if gap > _SAME_LINE] or [1.0])
    edge: set[Line] = set()
    for lines, spaces in ((ordered, gaps), (ordered[::-1], gaps[::-1])):
        wide = next((place for place, gap in enumerate(spaces[:_RUNNING_LINES]) if gap > _SET_OFF * usual), None)
        if wide is not None:
            edge |= set(lines[: wide + 1])
    return edge


def _form(line: str) -> str:
    """Return a line with its numbers alike; one that is only a number has no form of its own."""
    form = _DIGITS.sub("0", line)
    return form if any(character.isalpha() for character in form) else ""


def _without_line_numbers(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Take away numbers of lines, when most lines begin with one or whole runs of lines are nothing else."""
    texts = [line.text for page in pages for line in page]
    numbers = [int(match[1]) if (match := _LINE_NUMBER.match(text)) else None for text in texts]
    follows = sum(second - first in (1, 5) for first, second in pairwise(numbers) if first and second)
    numbered = follows >= 0.6 * len(texts) and follows > 3
    return [list(_bare(page, numbered=numbered)) for page in pages]


def _bare(page: Sequence[Line], *, numbered: bool) -> Iterator[Line]:
    run: list[Line] = []
    for line in page:
        if line.text.isdecimal() and (not run or int(line.text) - int(run[-1].text) in (1, 5)):
            run.append(line)
            continue
        if len(run) < 3 and not numbered:
            yield from run
        run = [line] if line.text.isdecimal() else []
        if not run:
            match = _LINE_NUMBER.match(line.text) if numbered else None
            cut = match.end() if match else 0
            yield replace(line, text=line.text[cut:], bold=max(0, line.bold - cut))
    if len(run) < 3 and not numbered:
        yield from run


def _blocks(lines: Sequence[Line]) -> Iterator[RawBlock]:
    """Yield paragraphs, and the rows of what is set in cells as a table."""
    for is_row, group in groupby(_paragraphs(lines), key=lambda block: "\t" in block.text):
        rows = list(group)
        if is_row and len(rows) > 1:
            yield from blocks_of_table([[[RawBlock(cell)] for cell in row.text.split("\t")] for row in rows])
        else:
            yield from rows


def _paragraphs(lines: Sequence[Line]) -> Iterator[RawBlock]:
    """Yield lines joined to paragraphs; a short line, a wide gap, a bold beginning, cells or a label end one."""
    lengths = sorted(len(line.text) for line in lines)
    full = lengths[int(0.9 * (len(lengths) - 1))] if lengths else 0
    gaps = sorted(gap for gap in (_gap(one, two) for one, two in pairwise(lines)) if gap > 0)
    wide = 1.4 * gaps[len(gaps) // 4] if gaps else 0.0
    gathered: list[Line] = []
    for line in lines:
        if gathered:
            last = gathered[-1]
            begins = (
                label_at(line.text) or is_only_time(line.text) or "\t" in line.text or 0 < line.bold < len(line.text)
            )
            turned = (line.bold == len(line.text)) != (last.bold == len(last.text))
            short = len(last.text) < _FULL * full
            if begins or turned or short or _gap(last, line) > wide > 0 or ("\t" in last.text and short):
                yield _joined(gathered)
                gathered = []
        gathered.append(line)
    if gathered:
        yield _joined(gathered)


def _gap(above: Line, below: Line) -> float:
    """Return how far a line stands below the last one; negative when a column or page begins."""
    return above.bottom - below.bottom


def _joined(lines: Sequence[Line]) -> RawBlock:
    text = _HYPHEN.sub(_mended, " ".join(line.text for line in lines))
    return RawBlock(text, bold=lines[0].bold if len(lines) == 1 or lines[0].bold < len(lines[0].text) else len(text))


def _mended(match: re.Match[str]) -> str:
    """Join a word at its hyphen; the hyphen stays in ``IT-afdeling`` and ``Vest-Jylland``."""
    before, after = match["before"], match["after"]
    hyphen = "-" if before.isupper() or before.isdigit() or after.isupper() else ""
    return f"{before}{hyphen}{after}"
