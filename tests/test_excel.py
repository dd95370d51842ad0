"""The review workbook: made, filled in, read back; hostile text and hostile files."""

import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select

from qualcode import cli, jobs
from qualcode.codebook.load import load_codebook
from qualcode.coding.encoder import NgramEncoder
from qualcode.errors import InputError, QualcodeError
from qualcode.exchange import excel_in
from qualcode.exchange.excel_in import (
    CHANGED,
    DUPLICATE,
    EMPTY,
    MOVED,
    NEW,
    NOTED,
    SAME,
    STALE,
    UNKNOWN_CODE,
    UNKNOWN_ID,
)
from qualcode.exchange.excel_layout import COLUMNS
from qualcode.exchange.excel_out import export_xlsx, set_text
from qualcode.exchange.requests import ExportRequest, ImportPlan, ImportRequest
from qualcode.models import Action, Coding, Source, Status, Valence
from qualcode.review.decide import decide, event_on
from qualcode.store.journal import append, decisions
from qualcode.store.schema import DecisionRow
from qualcode.study import Study
from tests.conftest import CHEF, MEDARBEJDER, MINI_CODEBOOK
from tests.databases import choose_default, open_default

EVIL = """Interview: C3
---
I: Hvordan?

IP: =HYPERLINK("http://x","Hvem slår græsset bagefter, det er der ingen der har tænkt på.") Det er <b>drift</b> & sådan.
"""


@pytest.fixture(scope="module")
def coded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with a study that is read and coded, and the address of its database."""
    place = tmp_path_factory.mktemp("coded")
    folder = place / "promenaden"
    folder.mkdir()
    for name, text in {"a.txt": CHEF, "b.md": MEDARBEJDER, "c.txt": EVIL}.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "study.yaml").write_text(f"codebook: {MINI_CODEBOOK}\nthreshold: 0.3\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        patch.setattr(jobs, "make_encoder", lambda *_: NgramEncoder())
        choose_default(patch)
        study, database, shop = jobs.open_study(jobs.Job(folder))
        jobs.read_documents(study, database, jobs.files_to_read(study, database))
        jobs.settle_documents(study, database)
        jobs.code_documents(study, database, shop.coder(), jobs.files_to_code(study, database, shop.coder_digest))
        database.engine.dispose()
    return place, database.url


@pytest.fixture
def study(coded: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    """A copy of it, in the working folder."""
    place = tmp_path / "work"
    shutil.copytree(coded[0], place)
    monkeypatch.chdir(place)
    monkeypatch.setattr(jobs, "make_encoder", lambda *_: NgramEncoder())
    choose_default(monkeypatch, coded[1])
    return Study.open(place / "promenaden")


def request(study: Study) -> ExportRequest:
    return ExportRequest(study, open_default(), load_codebook(MINI_CODEBOOK))


def exported(study: Study) -> Workbook:
    return load_workbook(io.BytesIO(export_xlsx(request(study))))


def column(key: str) -> int:
    return [one.key for one in COLUMNS].index(key) + 1


def fill(book: Workbook, row: int, **answers: object) -> None:
    for key, value in answers.items():
        book["Kodninger"].cell(row, column(key)).value = value


def saved(book: Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def plan(study: Study, content: bytes) -> ImportPlan:
    return excel_in.import_xlsx(
        ImportRequest(study, open_default(), load_codebook(MINI_CODEBOOK), "svar.xlsx", content, "mette")
    )


def apply(wanted: ImportPlan) -> None:
    with open_default().write() as session:
        wanted.apply(session)


def journal(study: Study) -> list[tuple[Action, str | None]]:
    with open_default().read() as session:
        return [(event.action, event.reason) for event in decisions(session, study.name)]


def counts(wanted: ImportPlan) -> dict[str, int]:
    return {sort: count for sort, count in wanted.counts.items() if count and sort != EMPTY}


def test_the_workbook_is_locked_but_for_the_answers(study: Study) -> None:
    book = exported(study)
    assert book.sheetnames == ["Kodninger", "Kodebog", "Vejledning"]
    sheet = book["Kodninger"]
    assert sheet.protection.sheet
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref.startswith("A1:")
    open_columns = {one.key for number, one in enumerate(COLUMNS, 1) if not sheet.cell(2, number).protection.locked}
    assert open_columns == {"decision", "new_code", "new_valence", "reason"}
    hidden = {one.key for number, one in enumerate(COLUMNS, 1) if sheet.column_dimensions[chr(64 + number)].hidden}
    assert hidden == {"id", "revision"}
    lists = {rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert lists == {'"godkend,afvis,omkod"', "Koder", '"drivkraft,barriere,behov,neutral"'}
    codes = load_codebook(MINI_CODEBOOK).codes
    assert book.defined_names["Koder"].attr_text == f"Kodebog!$A$2:$A${len(codes) + 1}"
    assert [book["Kodebog"].cell(row, 1).value for row in range(2, len(codes) + 2)] == [code.id for code in codes]


def test_a_quote_that_looks_like_a_formula_stays_text(study: Study) -> None:
    wanted = request(study)
    interview = next(one for one in wanted.interviews if one.id == "C3")
    start = interview.text.index("=HYPERLINK")
    place = (interview.id, 2, start, len(interview.text) - 1, "IP")
    added = Coding("added", *place, "styring.drift", Valence.BARRIERE, 1.0, Source.MENNESKE)
    event = event_on(added, interview, None, study=study.name, codebook="b")
    with open_default().write() as session:
        append(session, replace(event, action=Action.ADD, analyst="mette"))
    raw = export_xlsx(request(study))
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    quotes = [cells[column("quote") - 1] for cells in exported(study)["Kodninger"].iter_rows(min_row=2)]
    (evil,) = [cell for cell in quotes if "HYPERLINK" in cell.value]
    assert evil.data_type == "s"
    assert evil.quotePrefix


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(["", "=", "+", "-", "@", "\t", "\r", "'"]), st.text(max_size=40))
def test_any_text_is_written_as_text_and_comes_back(sign: str, text: str) -> None:
    book = Workbook()
    cell = book.active.cell(1, 1)
    set_text(cell, sign + text)
    assert cell.data_type == "s"
    assert bool(cell.quotePrefix) == (sign + text).startswith(("=", "+", "-", "@", "\t", "\r"))
    try:
        (sign + text).encode()
    except UnicodeEncodeError:
        return
    back = load_workbook(io.BytesIO(saved(book))).active.cell(1, 1)
    assert back.data_type != "f"
    assert len(back.value or "") <= len(sign + text)


def test_answers_become_events_of_one_batch_and_a_second_import_does_nothing(study: Study) -> None:
    book = exported(study)
    fill(book, 2, decision="godkend", reason="=1+1")
    book["Kodninger"].cell(2, column("reason")).data_type = "s"
    fill(book, 3, decision="Afvis ")
    fill(book, 4, decision="omkod", new_code=other_code(book, 4))
    fill(book, 5, new_valence="neutral" if book["Kodninger"].cell(5, column("valence")).value != "neutral" else "behov")
    content = saved(book)
    wanted = plan(study, content)
    assert wanted.faults == ()
    assert counts(wanted) == {NEW: 3, NOTED: 1}
    assert journal(study) == []
    apply(wanted)
    assert [action for action, _ in journal(study)] == [Action.ACCEPT, Action.REJECT, Action.RECODE, Action.VALUE]
    with open_default().read() as session:
        assert len({event.batch for event in decisions(session, study.name)}) == 1
    again = plan(study, content)
    assert (counts(again), again.changes) == ({SAME: 4}, False)
    book = exported(study)
    accepted = row_of(book, "status", Status.GODKENDT)
    fill(book, accepted, decision="afvis")
    changed = plan(study, saved(book))
    assert counts(changed) == {CHANGED: 1}
    assert "godkendt → afvis" in "\n".join(changed.lines)


def other_code(book: Workbook, row: int) -> str:
    current = book["Kodninger"].cell(row, column("code")).value
    return "ledelse" if current != "ledelse" else "styring"


def row_of(book: Workbook, key: str, value: str) -> int:
    sheet = book["Kodninger"]
    return next(row for row in range(2, sheet.max_row + 1) if sheet.cell(row, column(key)).value == value)


def _unknown_id(book: Workbook) -> None:
    fill(book, 2, id="0" * 16, decision="godkend")


def _unknown_code(book: Workbook) -> None:
    fill(book, 2, decision="omkod", new_code="findes.ikke")


def _twice(book: Workbook) -> None:
    sheet = book["Kodninger"]
    for number in range(1, len(COLUMNS) + 1):
        sheet.cell(3, number).value = sheet.cell(2, number).value
    fill(book, 2, decision="godkend")
    fill(book, 3, decision="afvis")


def _moved(book: Workbook) -> None:
    fill(book, 2, quote="Andre ord", decision="godkend")


def _stale(book: Workbook) -> None:
    fill(book, 2, decision="godkend")
    decide(open_default(), book["Kodninger"].cell(2, 1).value, Action.REJECT, "ali")


@pytest.mark.parametrize(
    ("spoil", "sort"),
    [(_unknown_id, UNKNOWN_ID), (_unknown_code, UNKNOWN_CODE), (_twice, DUPLICATE), (_moved, MOVED), (_stale, STALE)],
)
def test_one_bad_row_and_nothing_is_stored(
    study: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str], spoil: Callable[[Workbook], None], sort: str
) -> None:
    book = exported(study)
    fill(book, 4, decision="godkend")
    spoil(book)
    before = journal(study)
    content = saved(book)
    wanted = plan(study, content)
    assert wanted.counts[sort] >= 1
    assert "svar.xlsx, række 2: " in wanted.faults[0]
    file = tmp_path / "svar.xlsx"
    file.write_bytes(content)
    assert cli.main(["import", str(study.folder), str(file)]) == 2
    told = capsys.readouterr()
    assert "ikke gemt noget" in told.err
    assert sort in told.out
    assert journal(study) == before


@pytest.mark.parametrize(
    "answers",
    [
        {"decision": "måske"},
        {"decision": "omkod"},
        {"new_code": "ledelse"},
        {"decision": "godkend", "new_code": "ledelse"},
        {"new_valence": "trist"},
        {"decision": "=1+1"},
        {"decision": "omkod", "new_code": "as it is"},
    ],
)
def test_answers_that_make_no_sense_are_faults(study: Study, answers: dict[str, str]) -> None:
    book = exported(study)
    if answers.get("new_code") == "as it is":
        answers = answers | {"new_code": book["Kodninger"].cell(2, column("code")).value}
    fill(book, 2, **answers)
    wanted = plan(study, saved(book))
    assert len(wanted.faults) == 1
    assert not wanted.changes


def test_a_decision_made_between_plan_and_import_stops_it(study: Study) -> None:
    book = exported(study)
    fill(book, 2, decision="godkend")
    fill(book, 3, decision="godkend")
    wanted = plan(study, saved(book))
    decide(open_default(), book["Kodninger"].cell(3, 1).value, Action.REJECT, "ali")
    with pytest.raises(QualcodeError, match="Intet er gemt"):
        apply(wanted)
    assert journal(study) == [(Action.REJECT, None)]


def test_a_failure_in_the_midst_stores_nothing(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    book = exported(study)
    for row in (2, 3, 4):
        fill(book, row, decision="godkend")
    wanted = plan(study, saved(book))
    real, seen = excel_in.append, []

    def fails_at_the_third(session: object, event: object) -> None:
        seen.append(event)
        if len(seen) == 3:
            raise OSError("disk full")
        real(session, event)  # type: ignore[arg-type]

    monkeypatch.setattr(excel_in, "append", fails_at_the_third)
    with pytest.raises(OSError, match="disk full"):
        apply(wanted)
    with open_default().read() as session:
        assert session.scalar(select(func.count()).select_from(DecisionRow)) == 0


def _zip(**parts: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "ikke en Excel-fil"),
        (b"PK\x03\x04 half", "ikke en Excel-fil"),
        (_zip(**{"xl/workbook.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"}), "entiteter"),
        (_zip(**{"word/document.xml": "<a/>"}), "beskadiget"),
    ],
)
def test_files_that_are_no_workbook_are_one_line(study: Study, content: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        plan(study, content)
    assert "\n" not in str(caught.value)


def test_a_workbook_without_the_sheet_or_its_columns_is_told(study: Study) -> None:
    with pytest.raises(InputError, match="arket 'Kodninger' mangler"):
        plan(study, saved(Workbook()))
    book = exported(study)
    book["Kodninger"].delete_cols(1)
    with pytest.raises(InputError, match=r"kolonner mangler.*'Id'"):
        plan(study, saved(book))


def test_the_commands_show_then_store(study: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "gennemsyn.xlsx"
    assert cli.main(["export", str(study.folder), "--format", "xlsx", "--out", str(file)]) == 0
    book = load_workbook(file)
    fill(book, 2, decision="godkend")
    book.save(file)
    assert cli.main(["import", str(study.folder), str(file), "--dry-run", "--analyst", "mette"]) == 0
    assert journal(study) == []
    assert cli.main(["import", str(study.folder), str(file), "--analyst", "mette"]) == 0
    assert journal(study) == [(Action.ACCEPT, None)]
    capsys.readouterr()
    assert cli.main(["export", str(study.folder), "--format", "csv", "--out", str(tmp_path / "k.csv")]) == 0
    assert cli.main(["report", str(study.folder)]) == 0
    run = Path("reports") / study.name / "codings.csv"
    assert (tmp_path / "k.csv").read_bytes() == run.read_bytes()


@pytest.mark.slow
def test_a_workbook_saved_by_libreoffice_is_read_like_one_saved_by_excel(study: Study, tmp_path: Path) -> None:
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("no LibreOffice here")
    book = exported(study)
    fill(book, 2, decision="godkend", reason="=1+1")
    book["Kodninger"].cell(2, column("reason")).data_type = "s"
    fill(book, 3, decision="omkod", new_code=other_code(book, 3))
    file = tmp_path / "svar.xlsx"
    book.save(file)
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    options = [home, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "back"), str(file)]
    subprocess.run([soffice, *options], check=False, capture_output=True, timeout=180)
    back = tmp_path / "back" / "svar.xlsx"
    if not back.exists():
        pytest.skip("LibreOffice is here without Calc")
    wanted = plan(study, back.read_bytes())
    assert (wanted.faults, counts(wanted)) == ((), {NEW: 2})
    sheet = load_workbook(back)["Kodninger"]
    assert sheet.protection.sheet
    assert {rule.type for rule in sheet.data_validations.dataValidation} == {"list"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["export", "{study}", "--format", "doc", "--out", "x.doc"], "qdpx, xlsx"),
        (["export", "{study}", "--format", "csv", "--out", "findes/ikke/x.csv"], "kan ikke skrives"),
        (["import", "{study}", "findes-ikke.xlsx"], "kan ikke læses"),
        (["import", "{study}", "x.doc"], ".xlsx"),
    ],
)
def test_wrong_usage_is_one_line(
    study: Study, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert cli.main([argument.format(study=study.folder) for argument in arguments]) == 2
    told = capsys.readouterr()
    assert message in told.err
    assert "Traceback" not in told.err
