import pytest

from qualcode.ingest.privacy import find_identifiers
from qualcode.ingest.read import parse

PERSONAL = {
    "cpr": ["Hun har 010190-1234, tror jeg", "nummeret 0101901234 stod der", "cpr 311299 4321"],
    "telefon": [
        "ring på 20 12 34 56",
        "det er 20123456",
        "+45 2012 3456",
        "min mobil, +4520123456",
        "tlf. 12 34 56 78",
        "+45 12345678",
        "på +46 70 123 45 67",
    ],
    "e-mail": ["skriv til bo.hansen@kommune.dk", "på a_b+c@mail.co.uk, ikke"],
}
HARMLESS = [
    "i 2019-2022 og 20192022",
    "vi fik 12 34 56 78 kroner",
    "12.345.678 kroner om året",
    "konto 1234-12345678901",
    "den 04 03 2026 holdt vi møde",
    "§ 17 stk. 4 og § 18",
    "klokken 10.30 til 11.45",
    "990190-1234 er ingen dato",
    "kontoret @ havnen",
    "sagen 2026-03-04",
]


def findings(sentence: str):
    return find_identifiers(parse(f"I: Nå?\nIP: {sentence}\n".encode(), "a.txt"))


@pytest.mark.parametrize(("kind", "sentence"), [(kind, item) for kind, items in PERSONAL.items() for item in items])
def test_identifiers_are_found_and_masked(kind: str, sentence: str) -> None:
    (finding,) = findings(sentence)
    identifier = f"I: Nå?\nIP: {sentence}\n"[finding.start : finding.end]
    assert (finding.kind, finding.turn, finding.certainty) == (kind, 2, "direct")
    assert finding.masked != identifier
    hidden = sum(a != b for a, b in zip(finding.masked, identifier, strict=False))
    assert hidden >= 4


@pytest.mark.parametrize("sentence", HARMLESS)
def test_what_only_looks_like_one_is_not_flagged(sentence: str) -> None:
    assert findings(sentence) == []


def test_the_header_is_looked_through_as_well() -> None:
    interview = parse(b"Interview: 1\nRolle: chef, tlf. 20123456\n---\nI: N\xc3\xa5?\nIP: Jo.\n", "a.txt")
    (finding,) = find_identifiers(interview)
    assert finding.turn == 0
