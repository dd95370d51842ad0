"""Codings as tables: CSV back in, JSON and Parquet out, and the commands for all formats."""

import csv
import io
import json
from pathlib import Path

import pandas as pd
import pytest

from qualcode import cli
from qualcode.errors import UsageError
from qualcode.exchange.csv_in import import_csv
from qualcode.exchange.csvfile import export_csv
from qualcode.exchange.data_out import export_json, export_parquet
from qualcode.exchange.new_files import write_new
from qualcode.models import Action, Codebook, Interview, Status, Valence
from qualcode.store.database import Database
from tests.conftest import CHEF, MINI_CODEBOOK
from tests.databases import new_url
from tests.exchanging import Bench, bench, coding, decide, read, suggest


@pytest.fixture
def interview() -> Interview:
    return read(CHEF.replace("Jamen det gik", "-Jamen 😀; det gik"))


@pytest.fixture
def held(tmp_path: Path, codebook: Codebook, interview: Interview) -> Bench:
    held = bench(Database(new_url(tmp_path)), codebook, [interview])
    spans = [interview.text.index(words) for words in ("-Jamen", "Hvem slår", "Bænkene")]
    codings = [coding(interview, start, start + 20, "styring.drift", Valence.BARRIERE) for start in spans]
    suggest(held, interview, codings)
    decide(held, interview, codings[0], Action.ACCEPT, "mette")
    return held


def table(held: Bench) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(export_csv(held.export()).decode("utf-8-sig"), newline=""), delimiter=";"))


def written(rows: list[dict[str, str]]) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, list(rows[0]), delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue().encode("utf-8-sig")


def bring(held: Bench, rows: list[dict[str, str]], **options: str) -> tuple[str, ...]:
    plan = import_csv(held.request(written(rows), "codings.csv", **options))
    assert plan.faults == ()
    with held.database.write() as session:
        plan.apply(session)
    return plan.lines


def test_an_untouched_table_changes_nothing(held: Bench) -> None:
    rows = table(held)
    assert rows[0]["quote"].startswith("'-Jamen 😀;")
    assert not import_csv(held.request(written(rows), "codings.csv")).changes


def test_what_was_changed_in_the_table_is_decided(held: Bench) -> None:
    rows = table(held)
    rows[0]["status"] = "afvist"
    rows[1]["status"] = "godkendt"
    rows[1]["valence"] = "behov"
    rows[2]["code"] = "ledelse.raaderum"
    bring(held, rows, coder="jens")
    assert [(each.status, each.code, each.valence, each.analyst) for each in held.codings()] == [
        (Status.AFVIST, "styring.drift", Valence.BARRIERE, "jens"),
        (Status.GODKENDT, "styring.drift", Valence.BEHOV, "jens"),
        (Status.GODKENDT, "ledelse.raaderum", Valence.BARRIERE, "jens"),
    ]


def test_approved_codings_come_into_another_database(held: Bench, interview: Interview) -> None:
    other = bench(held.database, held.codebook, [interview])
    bring(other, table(held))
    (only,) = other.codings()
    assert (only.status, only.valence, only.analyst) == (Status.GODKENDT, Valence.BARRIERE, "logget-ind")


def test_a_coders_own_list_as_a_blind_round(held: Bench, interview: Interview) -> None:
    start = interview.text.index("opbakning")
    row = {"interview": "A1", "start": start, "end": start + 9, "code": "topledelse.opbakning", "quote": "opbakning"}
    before = held.codings()
    lines = bring(held, [{key: str(value) for key, value in row.items()}], round="r1", coder="anna")
    assert "Kodninger i runden 'r1': 1" in lines
    assert held.codings() == before


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("interview", "Z9", "'Z9' er ikke i studiet"),
        ("code", "findes.ikke", "'findes.ikke' findes ikke i kodebogen"),
        ("quote", "noget helt andet", "citatet står ikke"),
        ("start", "1" * 5000, "hele tal"),
        ("status", "måske", "status er 'måske'"),
        ("valence", "måske", "valensen er 'måske'"),
    ],
)
def test_faults_are_told_by_line_and_nothing_is_stored(held: Bench, column: str, value: str, told: str) -> None:
    rows = table(held)
    rows[1][column] = value
    (fault,) = import_csv(held.request(written(rows), "codings.csv")).faults
    assert fault.startswith("codings.csv, linje 3: ")
    assert told in fault


def test_empty_rows_that_a_spreadsheet_leaves_are_passed_over(held: Bench) -> None:
    content = written(table(held)) + b";;;;;;\r\n;;;;;;\r\n"
    plan = import_csv(held.request(content, "codings.csv"))
    assert plan.faults == ()


def test_new_files_are_written_all_or_none(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text("min egen", encoding="utf-8")
    with pytest.raises(UsageError, match=r"b\.yaml"):
        write_new({tmp_path / "a.txt": b"a", tmp_path / "b.yaml": b"b"})
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("b.yaml", "min egen")]


def test_json_and_parquet_hold_the_codings(held: Bench) -> None:
    record = json.loads(export_json(held.export()))
    assert [each["status"] for each in record["codings"]] == ["godkendt", "foreslået", "foreslået"]
    assert record["decisions"][0]["analyst"] == "mette"
    assert record["informants"][0]["level"] == "chef"
    frame = pd.read_parquet(io.BytesIO(export_parquet(held.export())))
    assert frame["quote"].tolist() == [each["quote"] for each in record["codings"]]
    assert frame["date"].tolist() == ["2026-03-04"] * 3
    assert len(json.loads(export_json(held.export(approved_only=True)))["codings"]) == 1


def test_commands(tmp_path: Path, study_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:  # type: ignore[no-untyped-def]
    """A study that was never run takes a project in; what it then holds goes out in every format."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("QUALCODE_DATABASE_URL", raising=False)
    (study_folder / "study.yaml").write_text(f"codebook: {MINI_CODEBOOK}\n", encoding="utf-8")
    start = CHEF.index("opbakning")
    (tmp_path / "k.csv").write_text(
        f"interview;start;end;code;quote\nA1;{start};{start + 9};topledelse.opbakning;opbakning\n", encoding="utf-8"
    )
    assert cli.main(["import", str(study_folder), "k.csv", "--dry-run", "--coder", "anna"]) == 0
    assert "Prøvekørsel" in capsys.readouterr().out
    assert cli.main(["import", str(study_folder), "k.csv", "--coder", "anna"]) == 0
    for kind in ("csv", "json", "parquet", "qdc", "qdpx"):
        assert cli.main(["export", str(study_folder), "--format", kind, "--out", f"ud.{kind}", "--approved-only"]) == 0
    capsys.readouterr()
    assert cli.main(["import", str(study_folder), "ud.qdpx"]) == 0
    assert "Allerede i studiet: 1" in capsys.readouterr().out
    assert cli.main(["import", str(study_folder), "ud.qdc"]) == 0
    assert "Intet at gemme." in capsys.readouterr().out
    (tmp_path / "tags.csv").write_text("tag,description\nStyring.Åbne døre,Om døre\n", encoding="utf-8")
    assert cli.main(["import", str(study_folder), "tags.csv", "--dry-run"]) == 0
    assert not list(study_folder.glob("*med-import*"))
    assert cli.main(["import", str(study_folder), "tags.csv"]) == 0
    assert "'Åbne døre'" in capsys.readouterr().out
    assert "Åbne døre" in (study_folder / "mini-med-import.yaml").read_text(encoding="utf-8")
    (tmp_path / "x.qdpx").write_bytes(b"x")
    assert cli.main(["import", str(study_folder), "x.qdpx"]) == 2
    assert "Traceback" not in capsys.readouterr().err
