"""The Word styles of a report: qualcode's own look, and what a foreign template lacks."""

from dataclasses import dataclass

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

INK, SOFT, ACCENT = RGBColor(0x1C, 0x24, 0x30), RGBColor(0x4A, 0x54, 0x61), RGBColor(0x14, 0x52, 0x6B)
SERIF, SANS = "Cambria", "Calibri"
# What the schema wants before a paragraph's borders.
_BEFORE_BORDERS = {
    qn(f"w:{name}")
    for name in (
        "pStyle",
        "keepNext",
        "keepLines",
        "pageBreakBefore",
        "framePr",
        "widowControl",
        "numPr",
        "suppressLineNumbers",
    )
}


@dataclass(frozen=True, slots=True)
class _Look:
    """A paragraph style of ours: what it builds on and how it differs; sizes and spaces in points, indents in cm."""

    base: str
    size: float | None = None
    color: RGBColor | None = None
    font: str = ""
    bold: bool | None = None
    italic: bool | None = None
    before: float | None = None
    after: float | None = None
    indent: float | None = None
    keep: bool = False
    right: bool = False
    box: str = ""
    bar: bool = False


_OURS = {
    "Manchet": _Look("Normal", 13, after=10, keep=True),
    "Definition": _Look("Normal", 10.5, SOFT, italic=True, keep=True),
    "Note": _Look("Normal", 9, SOFT, SANS, after=8),
    "Kilde": _Look("Normal", 9, SOFT, SANS, after=10, indent=0.5, bar=True),
    "Faktaboks": _Look("Normal", 10, font=SANS, before=8, after=12, box="F5F3EE"),
    "Pladsholder": _Look("Normal", 10, SOFT, SANS, italic=True, before=4, after=10, box="F5F3EE"),
    "Rubrik": _Look("Normal", 9, SOFT, SANS, bold=True, after=0, keep=True),
    "Mellemrubrik": _Look("Normal", 10, SOFT, SANS, bold=True, before=10, after=3, keep=True),
    "Indholdsoverskrift": _Look("Normal", 14, font=SANS, bold=True, before=18, after=6, keep=True),
    "Nøgletal": _Look("Normal", 19, ACCENT, SANS, bold=True, before=10, after=0, keep=True),
    "Tabeltekst": _Look("Normal", 9.5, font=SANS, before=2, after=2),
    "Tabeltal": _Look("Normal", 9.5, font=SANS, before=2, after=2, right=True),
    "Tabelluft": _Look("Normal", 6, after=4),
    "Figur": _Look("Normal", before=10, after=2, keep=True),
    "TOC 1": _Look("Normal", 11, after=3),
    "Caption": _Look("Normal", 9.5, font=SANS, before=10, after=4),
    "Quote": _Look("Normal", 11, before=6, after=0, indent=0.5, keep=True, bar=True),
    "List Bullet": _Look("Normal"),
    "List Number": _Look("Normal"),
}


def base_styles(word: WordDocument) -> None:
    """Give a fresh document qualcode's own look."""
    _font(word, "Normal", SERIF, 11, INK)
    normal = word.styles["Normal"].paragraph_format
    normal.space_after, normal.line_spacing = Pt(7), 1.2
    normal.widow_control = True
    for name, size, before, after in (("Title", 32, 4, 6), ("Heading 1", 21, 6, 8), ("Heading 2", 14, 18, 4)):
        _font(word, name, SANS, size, INK, bold=True)
        style = word.styles[name].paragraph_format
        style.space_before, style.space_after, style.keep_with_next = Pt(before), Pt(after), True
    _font(word, "Heading 3", SANS, 12, SOFT, bold=True)
    _font(word, "Subtitle", SANS, 12, SOFT)
    for border in word.styles["Title"].element.findall(f".//{qn('w:pBdr')}"):
        border.getparent().remove(border)
    word.styles["Subtitle"].font.italic = False
    for name in ("Caption", "Quote"):
        look = _OURS[name]
        _font(word, name, look.font or SERIF, look.size or 11, INK)
        _shape(word.styles[name], look)
        word.styles[name].font.italic = False
        word.styles[name].font.bold = None
    _language(word)


def make_page(word: WordDocument) -> None:
    """Set A4, margins, and the page's number in the footer."""
    from qualcode.reporting.word import page_number

    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.6)
    section.top_margin = section.bottom_margin = Cm(2.4)
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    page_number(paragraph)


def add_missing_styles(word: WordDocument) -> None:
    """Add those of our styles that a document does not define; a template's own are left as they are."""
    for name in ("Heading 1", "Heading 2", "Heading 3"):
        if name not in word.styles:
            _add(word, name, _Look("Normal", 14, bold=True, before=14, after=4, keep=True))
    for name, look in _OURS.items():
        if name not in word.styles:
            _add(word, name, look)


def _add(word: WordDocument, name: str, look: _Look) -> None:
    style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    assert isinstance(style, ParagraphStyle)  # noqa: S101  # what add_style returns for this type
    style.base_style = word.styles[look.base]
    style.quick_style = True
    if look.font:
        _font(word, name, look.font, None, None)
    if look.size:
        style.font.size = Pt(look.size)
    if look.color is not None:
        style.font.color.rgb = look.color
    style.font.bold, style.font.italic = look.bold, look.italic
    _shape(style, look)
    if name == "TOC 1":
        style.paragraph_format.tab_stops.add_tab_stop(Cm(15.8), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)


def _shape(style: ParagraphStyle, look: _Look) -> None:
    shape = style.paragraph_format
    if look.before is not None:
        shape.space_before = Pt(look.before)
    if look.after is not None:
        shape.space_after = Pt(look.after)
    if look.indent is not None:
        shape.left_indent = Cm(look.indent)
    if look.keep:
        shape.keep_with_next = shape.keep_together = True
    if look.right:
        shape.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if look.bar:
        _add_bar(style)
    if look.box:
        shade = OxmlElement("w:shd")
        for name, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", look.box)):
            shade.set(qn(name), value)
        style.element.get_or_add_pPr().append(shade)


def _add_bar(style: ParagraphStyle) -> None:
    """Draw a line along the left of a style's paragraphs; ``w:pBdr`` has its place before shading and spacing."""
    borders = OxmlElement("w:pBdr")
    line = OxmlElement("w:left")
    for name, value in (("w:val", "single"), ("w:sz", "12"), ("w:space", "8"), ("w:color", "96B5C2")):
        line.set(qn(name), value)
    borders.append(line)
    properties = style.element.get_or_add_pPr()
    behind = [child for child in properties if child.tag in _BEFORE_BORDERS]
    properties.insert(len(behind), borders)


def _font(
    word: WordDocument, style: str, name: str, size: float | None, color: RGBColor | None, *, bold: bool | None = None
) -> None:
    font = word.styles[style].font
    font.name = name
    if size is not None:
        font.size = Pt(size)
    if color is not None:
        font.color.rgb = color
    if bold is not None:
        font.bold = bold
    fonts = word.styles[style].element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in list(fonts.attrib):
        del fonts.attrib[attribute]
    for attribute in ("w:ascii", "w:hAnsi", "w:cs"):
        fonts.set(qn(attribute), name)


def _language(word: WordDocument) -> None:
    properties = word.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "da-DK")
    properties.append(language)
