"""Make the Word template of the report: ``python -m qualcode.reporting.build_template``.

The template is an ordinary Word file with real styles and docxtpl tags; it is made by this script, so that it
can be reviewed, and kept beside it, so that no user needs to run it.
"""

from pathlib import Path

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph

TARGET = Path(__file__).parent / "templates" / "report.docx"
_INK = RGBColor(0x1C, 0x24, 0x30)
_SOFT = RGBColor(0x55, 0x60, 0x6E)


def build() -> WordDocument:
    """Return the template."""
    document = Document()
    _styles(document)
    _front(document)
    _method(document)
    _matrix(document)
    _themes(document)
    _roles(document)
    _footer(document)
    document.core_properties.author = "qualcode"
    document.core_properties.comments = ""
    document.core_properties.language = "da-DK"
    return document


def _styles(document: WordDocument) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.6)
    section.top_margin = section.bottom_margin = Cm(2.4)
    _font(document, "Normal", "Cambria", 11, _INK)
    document.styles["Normal"].paragraph_format.space_after = Pt(7)
    document.styles["Normal"].paragraph_format.line_spacing = 1.2
    for name, size in (("Title", 30), ("Heading 1", 19), ("Heading 2", 13)):
        _font(document, name, "Calibri", size, _INK)
        document.styles[name].paragraph_format.keep_with_next = True
    document.styles["Heading 1"].paragraph_format.space_before = Pt(26)
    document.styles["Heading 1"].paragraph_format.space_after = Pt(8)
    document.styles["Heading 2"].paragraph_format.space_before = Pt(16)
    _font(document, "Subtitle", "Calibri", 12, _SOFT)
    _font(document, "Caption", "Calibri", 9, _SOFT)
    document.styles["Caption"].paragraph_format.keep_with_next = True
    contents = document.styles.add_style("TOC 1", WD_STYLE_TYPE.PARAGRAPH)
    contents.base_style = document.styles["Normal"]
    contents.paragraph_format.space_after = Pt(2)
    contents.paragraph_format.tab_stops.add_tab_stop(Cm(15.8), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    for name, points in (("Definition", 10.5), ("Kilde", 9.0)):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        style.font.size = Pt(points)
        style.font.color.rgb = _SOFT
        style.font.italic = name == "Definition"
    cells = document.styles.add_style("Tabeltekst", WD_STYLE_TYPE.PARAGRAPH)
    cells.base_style = document.styles["Normal"]
    cells.font.name, cells.font.size = "Calibri", Pt(9.5)
    cells.paragraph_format.space_after = Pt(1)
    quote = document.styles["Quote"]
    quote.font.italic = False
    quote.font.color.rgb = _INK
    quote.paragraph_format.left_indent = Cm(0.8)
    quote.paragraph_format.space_after = Pt(2)
    quote.paragraph_format.keep_together = True
    document.styles["Kilde"].paragraph_format.left_indent = Cm(0.8)
    _language(document)


def _font(document: WordDocument, style: str, name: str, size: float, color: RGBColor) -> None:
    font = document.styles[style].font
    font.name, font.size, font.color.rgb = name, Pt(size), color
    fonts = document.styles[style].element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in list(fonts.attrib):
        del fonts.attrib[attribute]
    for attribute in ("w:ascii", "w:hAnsi", "w:cs"):
        fonts.set(qn(attribute), name)


def _language(document: WordDocument) -> None:
    properties = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "da-DK")
    properties.append(language)


def _front(document: WordDocument) -> None:
    document.add_paragraph("Tematisk rapport", style="Subtitle")
    document.add_paragraph("{{ title }}", style="Title")
    document.add_paragraph("{{ date }}", style="Subtitle")
    _tag(document, "{%p if method.reviewed < method.codings %}")
    document.add_paragraph(
        "Arbejdsudgave. {{ (method.codings - method.reviewed)|tal }} af {{ method.codings|tal }} kodninger er maskinens "
        "forslag, som ingen analytiker har gennemset endnu. Maskinen overser passager, så antallene er foreløbige. Citater, der hviler på et forslag, er mærket »forslag«.",
        style="Definition",
    )
    _tag(document, "{%p endif %}")
    document.add_paragraph("Indhold", style="Heading 1")
    _contents(document)
    document.add_paragraph("Resumé", style="Heading 1")
    _tag(document, "{%p for anchor, sentence in findings %}")
    document.add_paragraph("{{ sentence }}", style="List Bullet")
    _tag(document, "{%p endfor %}")


def _contents(document: WordDocument) -> None:
    """Add a table of contents: a Word field that shows the headings, and page numbers once it is updated."""
    first = document.add_paragraph(style="TOC 1")
    _field_begins(first, 'TOC \\o "1-2" \\h \\z \\u')
    first.add_run("Resumé")
    for heading in ("Metode", "Temaer på tværs af niveauer"):
        document.add_paragraph(heading, style="TOC 1")
    _tag(document, "{%p for theme in themes %}")
    document.add_paragraph("{{ theme.name }}", style="TOC 1")
    _tag(document, "{%p endfor %}")
    last = document.add_paragraph(style="TOC 1")
    last.add_run("{% if roles %}Roller, der tales om{% endif %}")
    _field_mark(last, "end")


def _method(document: WordDocument) -> None:
    document.add_paragraph("Metode", style="Heading 1")
    document.add_paragraph(
        "Rapporten bygger på {{ method.interviews }} interview med i alt {{ method.informants }} "
        "{{ 'interviewperson' if method.informants == 1 else 'interviewpersoner' }}: "
        "{{ method.by_level|map(attribute='plural')|list|opremset }}."
        "{% if method.departments %} De arbejder i {{ method.departments|join('; ') }}.{% endif %}"
    )
    document.add_paragraph(
        "Interviewpersonernes tale er delt i {{ method.units|tal }} meningsenheder, som er vurderet mod kodebogen "
        "»{{ method.codebook }}« (version {{ method.codebook_version }}). Interviewerens spørgsmål er ikke kodet. Regler og "
        "en lærende model har foreslået kodninger; {{ method.reviewed|tal }} af {{ method.codings|tal }} er afgjort af en "
        "analytiker. Udbredelse tælles i personer, ikke i citater. Citaterne er gengivet ordret og kun knyttet til niveau."
    )
    document.add_paragraph("Fremstillet med qualcode {{ method.version }}.", style="Kilde")


def _matrix(document: WordDocument) -> None:
    document.add_paragraph("Temaer på tværs af niveauer", style="Heading 1")
    caption = document.add_paragraph("Tabel ", style="Caption")
    _field(caption, "SEQ Tabel \\* ARABIC", "1")
    caption.add_run(". Antal interviewpersoner, der taler om hvert tema.")
    table = document.add_table(rows=4, cols=5, style="Light Shading")
    head, begin, row, end = table.rows
    head.cells[0].text, head.cells[1].text = "Tema", "I alt"
    head.cells[2].text = "{%tc for level in method.by_level %}"
    head.cells[3].text = "{{ level.level }}"
    head.cells[4].text = "{%tc endfor %}"
    begin.cells[0].text = "{%tr for theme in themes %}"
    row.cells[0].text = "{{ theme.name }}"
    row.cells[1].text = "{{ theme.share.people }} af {{ theme.share.of }}"
    row.cells[2].text = "{%tc for level in theme.by_level %}"
    row.cells[3].text = "{{ level.share.people }} af {{ level.share.of }}"
    row.cells[4].text = "{%tc endfor %}"
    end.cells[0].text = "{%tr endfor %}"
    _finish(document, table)


def _themes(document: WordDocument) -> None:
    _tag(document, "{%p for theme in themes %}")
    document.add_paragraph("{{ theme.name }}", style="Heading 1")
    document.add_paragraph("{{ theme.gist }}", style="Definition")
    paragraph = document.add_paragraph()
    paragraph.add_run("{{ theme.share.people }} af {{ theme.share.of }} interviewpersoner").bold = True
    paragraph.add_run(
        " taler om temaet. Passager: {{ theme.balance.drivers }} som drivkraft, {{ theme.balance.barriers }} som "
        "barriere, {{ theme.balance.needs }} som behov, {{ theme.balance.neutral }} neutralt."
        "{% if theme.silent %} Der er ikke fundet passager fra {{ theme.silent|list|opremset('eller') }}.{% endif %}"
    )
    _tag(document, "{%p for part in theme.subthemes %}")
    _tag(document, "{%p if part.code != theme.code %}")
    document.add_paragraph("{{ part.name }}", style="Heading 2")
    document.add_paragraph("{{ part.share.people }} af {{ part.share.of }} interviewpersoner.", style="Kilde")
    _tag(document, "{%p elif theme.subthemes|length > 1 %}")
    document.add_paragraph("Om {{ theme.name|lower }} i almindelighed", style="Heading 2")
    _tag(document, "{%p endif %}")
    _tag(document, "{%p if not part.quotes %}")
    document.add_paragraph("Passagerne er citeret under et andet tema.", style="Kilde")
    _tag(document, "{%p endif %}")
    _tag(document, "{%p for quote in part.quotes %}")
    document.add_paragraph("»{{ quote.text }}«", style="Quote")
    document.add_paragraph(
        "({{ quote.level }}) · {{ quote.valence }}{% if not quote.approved %} · forslag{% endif %}",
        style="Kilde",
    )
    _tag(document, "{%p endfor %}")
    _tag(document, "{%p endfor %}")
    _tag(document, "{%p endfor %}")


def _roles(document: WordDocument) -> None:
    _tag(document, "{%p if roles %}")
    document.add_paragraph("Roller, der tales om", style="Heading 1")
    caption = document.add_paragraph("Tabel ", style="Caption")
    _field(caption, "SEQ Tabel \\* ARABIC", "2")
    caption.add_run(". Roller, som interviewpersonerne nævner.")
    table = document.add_table(rows=4, cols=3, style="Light Shading")
    head, begin, row, end = table.rows
    for cell, text in zip(head.cells, ("Rolle", "Interviewpersoner", "Omtaler"), strict=True):
        cell.text = text
    begin.cells[0].text = "{%tr for role in roles %}"
    row.cells[0].text = "{{ role.name }}"
    row.cells[1].text = "{{ role.share.people }} af {{ role.share.of }}"
    row.cells[2].text = "{{ role.mentions }}"
    end.cells[0].text = "{%tr endfor %}"
    _finish(document, table)
    _tag(document, "{%p endif %}")


def _footer(document: WordDocument) -> None:
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _field(paragraph, "PAGE", "1")


def _tag(document: WordDocument, tag: str) -> None:
    """Add a paragraph that only holds a docxtpl tag, and goes when the template is rendered."""
    document.add_paragraph(tag)


def _finish(document: WordDocument, table: Table) -> None:
    """Repeat the head on each page, and leave the widths to rendering: only the data decides how many columns there are."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(mark)
    for row in table.rows:
        keep = OxmlElement("w:cantSplit")
        row._tr.get_or_add_trPr().append(keep)
        for cell in row.cells:
            for width in cell._tc.get_or_add_tcPr().findall(qn("w:tcW")):
                cell._tc.tcPr.remove(width)
            cell.paragraphs[0].style = document.styles["Tabeltekst"]


def _field(paragraph: Paragraph, instruction: str, shown: str) -> None:
    """Add a Word field with the text that stands there until Word updates it."""
    _field_begins(paragraph, instruction)
    paragraph.add_run(shown)
    _field_mark(paragraph, "end")


def _field_begins(paragraph: Paragraph, instruction: str) -> None:
    _field_mark(paragraph, "begin")
    text = OxmlElement("w:instrText")
    text.set(qn("xml:space"), "preserve")
    text.text = instruction
    paragraph.add_run()._r.append(text)
    _field_mark(paragraph, "separate")


def _field_mark(paragraph: Paragraph, kind: str) -> None:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(mark)


if __name__ == "__main__":
    build().save(str(TARGET))
