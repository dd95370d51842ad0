from pathlib import Path

import pytest

from qualcode.codebook.load import load_codebook
from qualcode.errors import InputError, InvalidFileError, QualcodeError
from qualcode.study import find_codebook, shipped_codebooks
from tests.conftest import MINI_CODEBOOK

CODE_IDS = """
vaerdi frontfigur frontfigur.relationer frontfigur.aabenhed frontfigur.forventningsafstemning frontfigur.taeft
frontfigur.mod frontfigur.engagement ledelse ledelse.ressourcer ledelse.raaderum ledelse.forstaaelse politik
politik.forankring politik.magtdeling politik.realisme topledelse topledelse.opbakning topledelse.retning
topledelse.fodslag topledelse.investering styring styring.maaling styring.krydspres styring.silo styring.drift
partner partner.usikkerhed partner.modtageapparat kultur kultur.decentral kultur.tvaergaaende eksempel
eksempel.mange-parter eksempel.samskabende-mindset eksempel.frivillige rolle rolle.frontfigur rolle.politiker
rolle.direktion rolle.chef rolle.leder rolle.medarbejder rolle.tillidsvalgt rolle.faglig-organisation
rolle.frivillig rolle.borger rolle.lokalraad rolle.virksomhed
""".split()


def changed(tmp_path: Path, before: str, after: str) -> Path:
    text = MINI_CODEBOOK.read_text(encoding="utf-8")
    assert before in text
    path = tmp_path / "bog.yaml"
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    return path


def line_of(path: Path, text: str) -> int:
    return next(number for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if text in line)


def test_the_shipped_codebook_has_the_codes_that_scripts_rely_on() -> None:
    book = load_codebook(find_codebook("fra-myndighed-til-partner", Path()))
    assert sorted(book.by_id) == sorted(CODE_IDS)
    for code in book.codes:
        assert code.definition
        assert code.patterns
        assert code.examples


def test_every_shipped_codebook_loads() -> None:
    assert "fra-myndighed-til-partner" in shipped_codebooks()
    for name in shipped_codebooks():
        load_codebook(find_codebook(name, Path()))


def test_children_follow_their_parents() -> None:
    book = load_codebook(MINI_CODEBOOK)
    assert [code.id for code in book.top] == ["topledelse", "ledelse", "styring", "rolle"]
    assert [code.id for code in book.children("styring")] == ["styring.drift"]
    assert book.by_id["styring.drift"].parent == "styring"


@pytest.mark.parametrize(
    ("before", "after", "at", "message"),
    [
        ("kind: behov", "kind: ønske", "kind: ønske", "'kind' er 'ønske'.*barriere"),
        (
            "name: Driften",
            "name: Råderum",
            "id: styring.drift",
            "navnet 'Råderum' bruges også af 'ledelse.raaderum'",
        ),
        ("id: styring.drift", "id: drift.drift", "id: drift.drift", "mangler sin overkode.*'drift'"),
        ("id: ledelse.raaderum\n    name", "id: ledelse\n    name", "id: ledelse\n", "står to gange"),
        ("use: ledelse.raaderum", "use: ledelse.plads", "use: ledelse.plads", "'ledelse.plads' findes ikke"),
        ("definition: Folkevalgte.", "defintion: Folkevalgte.", "defintion", "'defintion' kendes ikke"),
        ("- opbakning", "- opbakning (fra", "- opbakning (fra", "parenteserne"),
        ("- {LOWER: bare}", "- {LOVER: bare}", "- spacy", "mønstret kan ikke bruges"),
        ('version: "1"', "version: 1", "version: 1", "anførselstegn"),
        ("title: Minikodebog", "title: [Minikodebog", "description", "ugyldig YAML"),
        ("  - id: styring.drift", "  - &x\n    id: styring.drift", "", ""),
    ],
)
def test_faults_are_told_with_line_and_mend(tmp_path: Path, before: str, after: str, at: str, message: str) -> None:
    path = changed(tmp_path, before, after)
    if not message:
        load_codebook(path)
        return
    with pytest.raises(QualcodeError, match=message) as caught:
        load_codebook(path)
    first = str(caught.value).splitlines()[0]
    assert first.startswith("bog.yaml, linje ")
    if "\n" not in at and at not in ("description", "id: styring.drift"):
        assert f"linje {line_of(path, at)}:" in str(caught.value)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    path = changed(tmp_path, "kind: barriere", "kind: mur")
    path.write_text(path.read_text(encoding="utf-8").replace("kind: drivkraft", "kind: motor"), encoding="utf-8")
    with pytest.raises(InvalidFileError) as caught:
        load_codebook(path)
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "kodebogen er tom"),
        (b"\xff\xfe\xfa", "ikke UTF-8"),
        (b"a: &a [1, 2]\nb: *a\n", "linje 2: henvisningen"),
        (b"- 1\n- 2\n", "linjer med 'nøgle: værdi'"),
        (b"id: \x00\n", "ugyldig YAML"),
    ],
)
def test_files_that_are_no_codebook(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "bog.yaml"
    path.write_bytes(content)
    with pytest.raises(QualcodeError, match=message):
        load_codebook(path)


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"ingen\.yaml: filen kan ikke åbnes"):
        load_codebook(tmp_path / "ingen.yaml")


def test_any_change_changes_the_digest(tmp_path: Path) -> None:
    before = load_codebook(MINI_CODEBOOK).digest
    assert load_codebook(MINI_CODEBOOK).digest == before
    assert load_codebook(changed(tmp_path, "Borgmesteren kom forbi.", "Borgmesteren gik forbi.")).digest != before
