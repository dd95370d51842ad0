"""Reader for PDF files with text: lines put together to paragraphs again.

PDFium gives the lines in reading order, columns one after the other, and marks the hyphen that breaks a word at a
line's end. Running heads and feet, page numbers and line numbers are taken out here; pictures of text are not read.

Limits: where a line ends for the sake of the page and where for the author's is told by its length and by labels; a
paragraph whose last line is full runs on into the next.
"""

import re
import threading
from collections import Counter
from collections.abc import Iterator, Sequence

import pypdfium2

from qualcode.errors import InputError
from qualcode.ingest.document import RawBlock, Source
from qualcode.ingest.labels import label_at
from qualcode.ingest.times import is_only_time

_MEND = "Åbn den i et PDF-program, og gem teksten som .docx eller .txt"
_MOST_PAGES = 2000
_FEWEST_LETTERS = 20
# PDFium is not made for several threads at a time.
_LOCK = threading.Lock()
# PDFium's mark for a hyphen at a line's end, with what stands around it.
_HYPHEN = re.compile(r"(?P<before>\w?)(?:\ufffe|\x02)\s*(?P<after>\w?)")
_PAGE_NUMBER = re.compile(
    r"\s*(?:(?:side|page|s\.|p\.)\s*\d{1,4}(?:\s*(?:af|of|/)\s*\d{1,4})?|\d{1,4}\s*(?:af|of|/)\s*\d{1,4}|[-–|]\s*\d{1,4}\s*[-–|])\s*",
    re.IGNORECASE,
)
_LINE_NUMBER = re.compile(r"(\d{1,5})(?:\s+|$)")
_DIGITS = re.compile(r"\d+")
_RUNNING_LINES = 3
# A line shorter than this share of a full one ends a paragraph.
_FULL = 0.75


def read_pdf(source: Source) -> list[RawBlock]:
    """Return the paragraphs of a PDF file.

    Raises:
        InputError: no readable PDF, an encrypted one, or one without text.
    """
    pages = [_lines(text) for text in _page_texts(source)]
    if sum(character.isalpha() for page in pages for line in page for character in line) < _FEWEST_LETTERS:
        raise InputError(
            source.file, "PDF-filen har ingen tekst (den er nok skannet)", mend="Kør tekstgenkendelse (OCR), og gem som .docx"
        )
    kept = _without_line_numbers(_without_running_lines(pages))
    return [RawBlock(paragraph) for paragraph in _paragraphs([line for page in kept for line in page])]


def _page_texts(source: Source) -> list[str]:
    try:
        with _LOCK:
            document = pypdfium2.PdfDocument(source.data)
            try:
                count = len(document)
                texts = [_page_text(document, number) for number in range(min(count, _MOST_PAGES))]
            finally:
                document.close()
    except pypdfium2.PdfiumError as error:
        what = "PDF-filen er beskyttet med adgangskode" if "password" in str(error).lower() else "PDF-filen kan ikke læses"
        raise InputError(source.file, what, mend="Gem den uden adgangskode, eller gem teksten som .docx") from None
    if count > _MOST_PAGES:
        raise InputError(source.file, f"PDF-filen har over {_MOST_PAGES} sider", mend="Del den i flere interview")
    return texts


def _page_text(document: pypdfium2.PdfDocument, number: int) -> str:
    page = document[number]
    try:
        text = page.get_textpage()
        try:
            return str(text.get_text_range(errors="replace"))
        finally:
            text.close()
    finally:
        page.close()


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.strip()]


def _without_running_lines(pages: Sequence[Sequence[str]]) -> list[list[str]]:
    """Take away page numbers, and what stands at the top or bottom of most pages but for its digits."""
    edges = [{*page[:_RUNNING_LINES], *page[-_RUNNING_LINES:]} for page in pages]
    counts = Counter(form for lines in edges for form in {_form(line) for line in lines})
    running = {
        form for form, count in counts.items() if count >= max(2, 0.6 * len(pages)) and form and label_at(form) is None
    }
    kept = []
    for number, page in enumerate(pages, start=1):
        last = len(page) - _RUNNING_LINES
        lines = []
        for index, line in enumerate(page):
            at_edge = index < _RUNNING_LINES or index >= last
            is_number = _PAGE_NUMBER.fullmatch(line) or (line == str(number) and index in (0, len(page) - 1))
            if not (at_edge and (is_number or _form(line) in running)):
                lines.append(line)
        kept.append(lines)
    return kept


def _form(line: str) -> str:
    """Return a line with its numbers alike; one that is only a number has no form of its own."""
    form = _DIGITS.sub("0", line)
    return form if any(character.isalpha() for character in form) else ""


def _without_line_numbers(pages: Sequence[Sequence[str]]) -> list[list[str]]:
    """Take away numbers of lines, when most lines begin with one or whole runs of lines are nothing else."""
    lines = [line for page in pages for line in page]
    numbers = [int(match[1]) if (match := _LINE_NUMBER.match(line)) else None for line in lines]
    follows = sum(
        second - first in (1, 5) for first, second in zip(numbers, numbers[1:], strict=False) if first and second
    )
    numbered = follows >= 0.6 * len(lines) and follows > 3
    return [list(_bare(page, numbered=numbered)) for page in pages]


def _bare(page: Sequence[str], *, numbered: bool) -> Iterator[str]:
    run: list[str] = []
    for line in (*page, ""):
        if line.isdecimal() and (not run or int(line) - int(run[-1]) in (1, 5)):
            run.append(line)
            continue
        if len(run) < 3 and not numbered:
            yield from run
        run = [line] if line.isdecimal() else []
        if line and not run:
            match = _LINE_NUMBER.match(line) if numbered else None
            yield line[match.end() :] if match else line


def _paragraphs(lines: Sequence[str]) -> Iterator[str]:
    """Yield lines joined to paragraphs; a short line or a label ends one."""
    lengths = sorted(_length(line) for line in lines)
    full = lengths[int(0.9 * (len(lengths) - 1))] if lengths else 0
    gathered: list[str] = []
    for line in lines:
        short = bool(gathered) and _length(gathered[-1]) < _FULL * full
        if gathered and (short or label_at(line) or is_only_time(line)):
            yield _joined(gathered)
            gathered = []
        gathered.append(line)
    if gathered:
        yield _joined(gathered)


def _length(line: str) -> int:
    """Return the length of the last printed line in one that PDFium has joined at hyphens."""
    return max(map(len, re.split("[\ufffe\x02]", line)))


def _joined(lines: Sequence[str]) -> str:
    return _HYPHEN.sub(_mended, " ".join(lines))


def _mended(match: re.Match[str]) -> str:
    """Join a word at its hyphen; the hyphen stays in ``IT-afdeling`` and ``Vest-Jylland``."""
    before, after = match["before"], match["after"]
    hyphen = "-" if before.isupper() or before.isdigit() or after.isupper() else ""
    return f"{before}{hyphen}{after}"
