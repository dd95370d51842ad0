import csv
import stat
from pathlib import Path

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from qualcode.cli import main
from qualcode.ingest.read import Hints, parse, read_transcript
from qualcode.privacy.findings import Kind
from qualcode.privacy.gate import find_identifiers
from qualcode.privacy.pseudonyms import Key, extended
from qualcode.privacy.replacing import key_for, replaced
from qualcode.study import Study

CHEF = """Interview: A1
Rolle: chef i Horsens Kommune
---
I: Hvem var med?

Mette: Det var Birgit Skovgaard og Bo. Birgits mand er fra Vejen, ring på 28 41 73 90.
Det var så det.

I: Tak, Mette.

Mette: Skriv til birgit@horsens.dk. Bos hus ligger på Skolegade 12, 2. tv, 8700 Horsens.
"""
NAMES = ["Birgit", "Skovgaard", "Mette", "Horsens", "Skolegade", "28 41", "Vejen", "Fatima", "Hemmelig"]


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("QUALCODE_DATABASE_URL", raising=False)
    folder = tmp_path / "studie"
    folder.mkdir()
    (folder / "a.txt").write_text(CHEF, encoding="utf-8")
    (folder / "study.yaml").write_text("speakers:\n  Mette: souschef\n", encoding="utf-8")
    document = Document()
    document.core_properties.author = "Hemmelig"
    table = document.add_table(rows=2, cols=2)
    for row, cells in zip(
        table.rows, [("I", "Hvem?"), ("Lone", "Fatima.\nNå: og Birgit Skovgaards nøgle.")], strict=True
    ):
        for cell, words in zip(row.cells, cells, strict=True):
            cell.text = words
    document.save(str(folder / "c.docx"))
    return folder


def test_replacing_keeps_the_turns_and_hides_the_names(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "studie", "--replace"]) == 0
    told = capsys.readouterr().out
    out = study.parent / "studie-pseudonymer"
    again = read_transcript(out / "a.txt", Study.open(out).hints)
    before = read_transcript(study / "a.txt", Hints(speakers={"Mette": "souschef"}))
    assert [turn.interviewer for turn in again.turns] == [turn.interviewer for turn in before.turns]
    assert [informant.role for informant in again.informants] == ["souschef"]
    assert "[NAVN-1] og [NAVN-3]. [NAVN-1]s mand er fra [STED-2]" in again.text
    assert "[NAVN-3]s hus" in again.text
    word = read_transcript(out / "c.docx")
    assert len(word.turns) == 2
    assert "[NAVN-1]s nøgle" in word.text
    assert Document(str(out / "c.docx")).core_properties.author != "Hemmelig"
    everything = told + (out / "study.yaml").read_text(encoding="utf-8") + again.text + word.text
    assert not [name for name in NAMES if name in everything]
    assert main(["check", str(out)]) == 0


def test_the_key_is_the_owner_s_only_and_runs_on(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "studie", "--replace"])
    key = study.parent / "studie-noegle.csv"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    with key.open(encoding="utf-8-sig", newline="") as file:
        first = list(csv.DictReader(file, delimiter=";"))
    assert {"pseudonym": "NAVN-1", "slags": "navn", "oprindelig": "Birgit Skovgaard"} in first
    (study / "b.txt").write_text("I: Nå?\nIP: Birgit og Torben.\n", encoding="utf-8")
    main(["check", "studie", "--replace"])
    assert "[NAVN-1] og [NAVN-6]." in (study.parent / "studie-pseudonymer" / "b.txt").read_text(encoding="utf-8")
    with key.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.DictReader(file, delimiter=";"))[: len(first)] == first


def test_a_name_in_the_file_s_name_is_told_and_replaced(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (study / "a.txt").rename(study / "interview-mette-lund.txt")
    main(["check", "studie"])
    assert "filnavnet ligner en personoplysning" in capsys.readouterr().err
    main(["check", "studie", "--replace"])
    names = sorted(path.name for path in (study.parent / "studie-pseudonymer").iterdir())
    assert names == ["c.docx", "interview-NAVN-2.txt", "study.yaml"]


def test_originals_are_never_overwritten(study: Path) -> None:
    assert main(["check", "studie", "--replace", "--out", "studie"]) == 2
    assert (study / "a.txt").read_text(encoding="utf-8") == CHEF


def test_two_people_with_one_first_name_are_not_taken_for_each_other() -> None:
    names = ["Anna Holm", "Anna Lund", "Anna", "Lund", "Lunds"]
    key = extended(Key(), [(name, Kind.NAVN) for name in names])
    assert [key.pseudonym(name, Kind.NAVN) for name in names] == ["NAVN-1", "NAVN-2", "NAVN-3", "NAVN-2", "NAVN-2"]


WORDS = st.sampled_from(
    "jamen Mette sagde Bo Holm Horsens og Fatimas hus 20123456 Skolegade 12 , altså 010190-1234 bo@firma.dk Nå: hvad ? "
    "fru Jensen".split()
)
SPEECH = st.lists(st.lists(WORDS, min_size=1, max_size=12).map(" ".join), min_size=2, max_size=6)


@given(SPEECH)
def test_any_transcript_under_pseudonyms_has_the_same_turns_and_nothing_direct(speech: list[str]) -> None:
    text = "Interview: 1\n---\n" + "".join(
        f"{'I' if number % 2 == 0 else 'Lone'}: {words}\n\n" for number, words in enumerate(speech)
    )
    interview = parse(text.encode(), "x.txt")
    findings = find_identifiers(interview)
    written = replaced(interview, findings, key_for(Key(), [(interview, findings)]), Hints())
    again = parse(written.content, written.name)
    assert len(again.turns) == len(interview.turns)
    assert [item for item in find_identifiers(again) if item.certainty.value == "direct"] == []
