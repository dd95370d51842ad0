"""Word: an editable document with real styles, fields for contents and numbers, native tables.

The body is the same in qualcode's own look and in a municipality's template: it is written with named styles, and
what the template does not define is added (:mod:`qualcode.reporting.word_styles`).
"""

import io
from collections.abc import Iterable, Sequence

import docx
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm
from docx.text.paragraph import Paragraph as WordParagraph

from qualcode.reporting import figures
from qualcode.reporting.blocks import (
    Bars,
    Block,
    Bullets,
    Contents,
    Document,
    Figure,
    Findings,
    Heading,
    KeyFigures,
    Paragraph,
    Quote,
    Row,
    Run,
    Table,
)
from qualcode.reporting.word_styles import add_missing_styles, base_styles, make_page
from qualcode.reporting.word_tables import Cell, add_table

_PARAGRAPHS = {"normal": "Normal", "lead": "Manchet", "definition": "Definition", "fine": "Note"}
_BOXES = {"note": "Faktaboks", "slot": "Pladsholder"}
_WIDTH = Cm(15.8)
# The settings that the schema wants after "update fields when opened".
_AFTER_UPDATE_FIELDS = {
    qn(f"w:{name}")
    for name in (
        "hdrShapeDefaults",
        "footnotePr",
        "endnotePr",
        "compat",
        "docVars",
        "rsids",
        "themeFontLang",
        "clrSchemeMapping",
    )
}


def render_docx(document: Document) -> bytes:
    """Return a document as a Word file in qualcode's own look."""
    word = docx.Document()
    base_styles(word)
    make_page(word)
    word.add_paragraph(document.kicker, style="Subtitle")
    word.add_paragraph(document.title, style="Title")
    word.add_paragraph(document.subtitle, style="Subtitle")
    word.add_paragraph(document.date, style="Subtitle")
    write_blocks(word, document.blocks)
    _updated_when_opened(word)
    return saved(word, document)


def saved(word: WordDocument, document: Document) -> bytes:
    """Return a Word document's bytes, its properties set."""
    properties = word.core_properties
    properties.title, properties.author, properties.language = document.title, "qualcode", "da-DK"
    properties.comments = ""
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def write_blocks(word: WordDocument, blocks: Sequence[Block]) -> None:
    """Add blocks at the end of a document."""
    add_missing_styles(word)
    writer = _Writer(word, [block for block in blocks if isinstance(block, Heading)])
    for before, block, after in zip((None, *blocks), blocks, (*blocks[1:], None), strict=False):
        writer.add(block)
        if leads_on(before, block, after):
            word.paragraphs[-1].paragraph_format.keep_with_next = True


def leads_on(before: Block | None, block: Block, after: Block | None) -> bool:
    """Tell whether a lone paragraph stands between a heading and what it leads to, and stays with both."""
    return (
        isinstance(block, Paragraph)
        and isinstance(before, Heading)
        and isinstance(after, Heading | Quote | Bullets | Table | Figure)
    )


class _Writer:
    """Adds blocks; knows the headings, for the contents, and numbers the bookmarks."""

    def __init__(self, word: WordDocument, headings: Sequence[Heading]) -> None:
        self.word = word
        self.headings = headings
        self.bookmarks = 0
        self._ids: dict[str, str] = {}

    def add(self, block: Block) -> None:
        """Add one block."""
        match block:
            case Heading():
                self._heading(block)
            case Paragraph():
                self._paragraph(block)
            case Quote():
                self._quote(block)
            case Table():
                self._table(block)
            case Figure():
                self._figure(block)
            case Contents():
                self._contents()
            case _:
                self._add_smaller(block)

    def _add_smaller(self, block: Block) -> None:
        match block:
            case Bullets():
                for item in block.items:
                    self._runs(self._paragraph_in("List Number" if block.ordered else "List Bullet"), item)
            case Findings():
                for found in block.items:
                    runs = (Run(f"{found.lead}. ", bold=True), Run(found.sentence))
                    self._runs(self._paragraph_in("List Number"), runs)
            case Bars():
                self._bars(block)
            case KeyFigures():
                self._key_figures(block)

    def _paragraph_in(self, style: str, text: str = "") -> WordParagraph:
        """Add a paragraph with a style by name; python-docx searches all styles for each."""
        paragraph = self.word.add_paragraph(text)
        paragraph._p.get_or_add_pPr().style = self._style_id(style)
        return paragraph

    def _style_id(self, name: str) -> str:
        if name not in self._ids:
            self._ids[name] = str(self.word.styles[name].style_id)
        return self._ids[name]

    def _heading(self, block: Heading) -> None:
        if block.kicker:
            kicker = self._paragraph_in("Rubrik", block.kicker)
            kicker.paragraph_format.page_break_before = block.new_page
        style = f"Heading {block.level}" if block.level < 4 else "Mellemrubrik"
        paragraph = self._paragraph_in(style)
        paragraph.paragraph_format.page_break_before = block.new_page and not block.kicker
        self._bookmarked(paragraph, block.text, block.anchor)

    def _paragraph(self, block: Paragraph) -> None:
        style = _BOXES.get(block.style) or _PARAGRAPHS[block.style]
        self._runs(self._paragraph_in(style), block.runs)

    def _quote(self, block: Quote) -> None:
        paragraph = self._paragraph_in("Quote")
        self._bookmarked(paragraph, f"»{block.text}«", block.anchor if block.anchored else "")
        about = [f"({block.attribution})", block.valence, "" if block.approved else "forslag"]
        self._paragraph_in("Kilde", " · ".join(part for part in about if part))

    def _bars(self, block: Bars) -> None:
        """Add a small bar chart as a plain table: what it shows is in its words."""
        self._paragraph_in("Mellemrubrik", block.title)
        rows = [[self._cell(bar.name), self._cell(bar.told, right=True)] for bar in block.bars]
        add_table(self.word, rows, (2.0, 1.0))
        self._after_table()

    def _table(self, block: Table) -> None:
        self._caption("Tabel", block.number, block.title, block.anchor)
        head = [self._cell(text, bold=True, right=block.numeric and place > 0) for place, text in enumerate(block.head)]
        add_table(self.word, [head, *(self._row(row, block) for row in block.rows)], block.widths, heads=1)
        if block.note:
            self._paragraph_in("Note", block.note)
        else:
            self._after_table()

    def _row(self, row: Row, block: Table) -> list[Cell]:
        shades = (0, *row.shades) if row.shades else (0,) * len(row.cells)
        return [
            self._cell(text, right=block.numeric and place > 0, shade=shades[place])
            for place, text in enumerate(row.cells)
        ]

    def _cell(self, text: str, *, bold: bool = False, right: bool = False, shade: int = 0) -> Cell:
        return Cell(text, self._style_id("Tabeltal" if right else "Tabeltekst"), bold, shade)

    def _figure(self, block: Figure) -> None:
        paragraph = self._paragraph_in("Figur")
        picture = paragraph.add_run().add_picture(io.BytesIO(figures.draw(block.picture).png), width=_WIDTH)
        description = picture._inline.docPr
        description.set("descr", block.alt)
        description.set("title", block.title)
        self._caption("Figur", block.number, block.title, block.anchor, under=True)
        self._paragraph_in("Note", block.note)

    def _key_figures(self, block: KeyFigures) -> None:
        values = [Cell(value, self._style_id("Nøgletal")) for value, _ in block.figures]
        names = [Cell(name, self._style_id("Note")) for _, name in block.figures]
        add_table(self.word, [values, names], lines=False)
        self._after_table()

    def _contents(self) -> None:
        """Add a table of contents: a field that shows the headings; the page numbers come when Word opens the file."""
        self._paragraph_in("Indholdsoverskrift", "Indhold")
        shown = [heading for heading in self.headings if heading.level == 1]
        for place, heading in enumerate(shown):
            paragraph = self._paragraph_in("TOC 1")
            if not place:
                _field_begins(paragraph, 'TOC \\o "1-1" \\h \\z \\u')
            _hyperlink(paragraph, heading.text, heading.anchor)
            paragraph.add_run("\t")
            _page_of(paragraph, heading.anchor)
            if place == len(shown) - 1:
                _field_mark(paragraph, "end")

    def _caption(self, kind: str, number: int, title: str, anchor: str, *, under: bool = False) -> None:
        paragraph = self._paragraph_in("Caption")
        paragraph.paragraph_format.keep_with_next = not under
        self._bookmark_begins(paragraph, anchor)
        paragraph.add_run(f"{kind} ").bold = True
        _field(paragraph, f"SEQ {kind} \\* ARABIC", str(number))
        self._bookmark_ends(paragraph, anchor)
        paragraph.add_run(f". {title}")

    def _after_table(self) -> None:
        self._paragraph_in("Tabelluft")

    def _runs(self, paragraph: WordParagraph, runs: Iterable[Run]) -> None:
        for run in runs:
            if run.anchor:
                _hyperlink(paragraph, run.text, run.anchor)
            else:
                written = paragraph.add_run(run.text)
                written.bold, written.italic = run.bold or None, run.italic or None

    def _bookmarked(self, paragraph: WordParagraph, text: str, anchor: str) -> None:
        self._bookmark_begins(paragraph, anchor)
        paragraph.add_run(text)
        self._bookmark_ends(paragraph, anchor)

    def _bookmark_begins(self, paragraph: WordParagraph, anchor: str) -> None:
        if anchor:
            self.bookmarks += 1
            _element(paragraph, "w:bookmarkStart", {"w:id": str(self.bookmarks), "w:name": _bookmark_name(anchor)})

    def _bookmark_ends(self, paragraph: WordParagraph, anchor: str) -> None:
        if anchor:
            _element(paragraph, "w:bookmarkEnd", {"w:id": str(self.bookmarks)})


def _bookmark_name(anchor: str) -> str:
    """Return a name that Word takes: letters, digits and underscores, at most 40."""
    return "".join(sign if sign.isalnum() else "_" for sign in anchor)[:40]


def _hyperlink(paragraph: WordParagraph, text: str, anchor: str) -> None:
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), _bookmark_name(anchor))
    run = paragraph.add_run(text)
    link.append(run._r)
    paragraph._p.append(link)


def _element(paragraph: WordParagraph, tag: str, attributes: dict[str, str]) -> None:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(name), value)
    paragraph._p.append(element)


def _field(paragraph: WordParagraph, instruction: str, shown: str) -> None:
    """Add a field with the text that stands there until Word updates it."""
    _field_begins(paragraph, instruction)
    paragraph.add_run(shown).bold = True
    _field_mark(paragraph, "end")


def _field_begins(paragraph: WordParagraph, instruction: str) -> None:
    _field_mark(paragraph, "begin")
    text = OxmlElement("w:instrText")
    text.set(qn("xml:space"), "preserve")
    text.text = instruction
    paragraph.add_run()._r.append(text)
    _field_mark(paragraph, "separate")


def _field_mark(paragraph: WordParagraph, kind: str) -> None:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(mark)


def _page_of(paragraph: WordParagraph, anchor: str) -> None:
    """Add the field of the page on which a bookmark stands."""
    _field_begins(paragraph, f"PAGEREF {_bookmark_name(anchor)} \\h")
    paragraph.add_run("…")
    _field_mark(paragraph, "end")


def _updated_when_opened(word: WordDocument) -> None:
    """Have Word fill in page numbers when the document is opened: only Word knows where its pages end."""
    update = OxmlElement("w:updateFields")
    update.set(qn("w:val"), "true")
    settings = word.settings.element
    behind = (child for child in settings if child.tag in _AFTER_UPDATE_FIELDS)
    following = next(behind, None)
    if following is None:
        settings.append(update)
    else:
        following.addprevious(update)


def page_number(paragraph: WordParagraph) -> None:
    """Add the field of the page's number."""
    _field_begins(paragraph, "PAGE")
    paragraph.add_run("1")
    _field_mark(paragraph, "end")
