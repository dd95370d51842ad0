"""What is written, against the standard and against the way other programs read it."""

import io
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from lxml import etree
from pyrefiqda import RefiCodebook, RefiProject

from qualcode.exchange.refi.codes_out import codebook_qdc
from qualcode.exchange.refi.project_out import export_qdpx
from qualcode.models import Action, Codebook, Interview, Valence
from qualcode.store.database import Database
from tests.databases import new_url
from tests.exchanging import Bench, bench, coding, decide, read, suggest

NS = "{urn:QDA-XML:project:1.0}"
# The standard's schemas lie beside the checkout where there are any; they are not ours to hand on.
SCHEMAS = next(
    (found for above in Path(__file__).parents if (found := above / "shared" / "refi-qda").is_dir()), Path("missing")
)
TEXT = (
    "Interview: A1\nRolle: chef\n---\nI: Nå 😀?\nIP: Vi falder <tilbage> på driften & så videre.\n"
    "IP2: Ja, 👩‍👩‍👧 det er rigtigt."
)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory, codebook: Codebook) -> Bench:
    database = Database(new_url(tmp_path_factory.mktemp("db")))
    interview = read(TEXT)
    held = bench(database, codebook, [interview, read("I: Nå?\nIP: Ja.", "tom.txt")])
    codings = [one(interview, "falder <tilbage>", "styring.drift"), one(interview, "👩‍👩‍👧 det", "ledelse")]
    suggest(held, interview, codings)
    decide(held, interview, codings[0], Action.ACCEPT, "Mette & Ko")
    decide(held, interview, codings[0], Action.MEMO, "Jens", reason="Hvorfor?\x02")
    return held


def one(interview: Interview, words: str, code: str):  # type: ignore[no-untyped-def]
    start = interview.text.index(words)
    return coding(interview, start, start + len(words), code, Valence.BARRIERE)


@pytest.mark.skipif(not SCHEMAS.is_dir(), reason="the standard's schemas are not here")
def test_files_are_valid_by_the_standard(held: Bench, codebook: Codebook) -> None:
    with zipfile.ZipFile(io.BytesIO(export_qdpx(held.export(originals=False)))) as archive:
        project = etree.fromstring(archive.read("project.qde"))
    etree.XMLSchema(etree.parse(str(SCHEMAS / "Project.xsd"))).assertValid(project)
    etree.XMLSchema(etree.parse(str(SCHEMAS / "Codebook.xsd"))).assertValid(etree.fromstring(codebook_qdc(codebook)))


def test_an_independent_reader_reads_the_project(held: Bench, tmp_path: Path) -> None:
    file = tmp_path / "p.qdpx"
    file.write_bytes(export_qdpx(held.export()))
    project = RefiProject.load(file, extract_dir=str(tmp_path / "out"))
    source = project.sources.text_source[0]
    assert source.name == "A1"
    path = RefiProject.resolve_source_path(source.plain_text_path, tmp_path / "out")
    text = path.read_bytes().decode("utf-8")
    quotes = [text[each.start_position : each.end_position] for each in source.plain_text_selection]
    assert quotes == ["falder <tilbage>", "👩‍👩‍👧 det"]
    assert [user.name for user in project.users.user] == ["Jens", "Mette & Ko", "qualcode"]


def test_an_independent_reader_reads_the_codebook(codebook: Codebook, tmp_path: Path) -> None:
    file = tmp_path / "k.qdc"
    file.write_bytes(codebook_qdc(codebook))
    codes = RefiCodebook.load(file).codes.code
    assert [code.name for code in codes] == [code.name for code in codebook.top]
    # A mere heading; one with examples of its own may be assigned.
    assert [code.is_codable for code in codes] == [True, False, False, False]


def test_qualcoders_way_of_reading_gives_every_quote(held: Bench, tmp_path: Path) -> None:
    """It opens texts with universal line ends and cuts quotes by code points; it keeps one coding a user and span."""
    with zipfile.ZipFile(io.BytesIO(export_qdpx(held.export()))) as archive:
        archive.extractall(tmp_path)
    root = ElementTree.parse(tmp_path / "project.qde").getroot()  # noqa: S314 – our own file
    users = {user.get("guid"): user.get("name") for user in root.iter(f"{NS}User")}
    codes = {code.get("guid"): code for code in root.iter(f"{NS}Code")}
    seen = set()
    for source in root.iter(f"{NS}TextSource"):
        path = tmp_path / "sources" / source.get("plainTextPath", "").split("internal://")[1]
        with path.open(encoding="utf-8", errors="replace") as file:
            text = file.read()
        assert not text.startswith("\ufeff")
        for marked in source.findall(f"{NS}PlainTextSelection"):
            words = text[int(marked.get("startPosition", "")) : int(marked.get("endPosition", ""))]
            assert words == marked.get("name")
            code = codes[marked.find(f"{NS}Coding")[0].get("targetGUID")]  # type: ignore[index]
            assert code.get("isCodable") == "true"
            seen.add((users[marked.get("creatingUser")], words, code.get("name")))
    assert seen == {("Mette & Ko", "falder <tilbage>", "Driften"), ("qualcode", "👩‍👩‍👧 det", "Den nærmeste ledelse")}
    assert all(note.get("creationDateTime") for note in root.iter(f"{NS}Note"))
    names = [code.get("name") for code in codes.values()]
    assert len(names) == len(set(names))
    file_variables = {
        ref.get("targetGUID") for source in root.iter(f"{NS}TextSource") for ref in source.iter(f"{NS}VariableRef")
    }
    case_variables = {ref.get("targetGUID") for case in root.iter(f"{NS}Case") for ref in case.iter(f"{NS}VariableRef")}
    assert not file_variables & case_variables


def test_every_reference_leads_somewhere(held: Bench) -> None:
    with zipfile.ZipFile(io.BytesIO(export_qdpx(held.export()))) as archive:
        root = etree.fromstring(archive.read("project.qde"))
    guids = [element.get("guid") for element in root.iter() if element.get("guid")]
    assert len(guids) == len(set(guids))
    targets = {element.get("targetGUID") for element in root.iter() if element.get("targetGUID")}
    users = {element.get("creatingUser") for element in root.iter() if element.get("creatingUser")}
    assert targets | users <= set(guids)
