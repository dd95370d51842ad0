from pathlib import Path

import pytest
import yaml

from qualcode.ingest.levels import level_of

TITLES = {
    "direktør": ["direktør for Teknik, Miljø og Havne", "kommunaldirektøren", "Velfærdsdirektør"],
    "chef": ["chef for Plan og By", "centerchefen", "Sundhedschef", "fagchef"],
    "leder": [
        "souschef i dagtilbud",
        "leder af områdeinstitution (dagtilbud)",
        "havnefoged og driftsleder",
        "viceskoleleder",
        "teamledere",
        "afdelingsleder i sundhedscenteret",
    ],
    "medarbejder": [
        "projektleder",
        "direktionssekretær",
        "sekretær for direktøren",
        "studievejleder",
        "lærer og koordinator for åben skole",
        "byggesagsbehandler",
        "social- og sundhedsassistent",
        "medarbejdere",
    ],
    "tillidsvalgt": ["FTR", "TR", "fællestillidsrepræsentant", "arbejdsmiljørepræsentant"],
    "politiker": ["borgmester", "byrådsmedlem", "udvalgsformand, Teknik og Miljø"],
    "frivillig": ["frivillig", "formand for lokalrådet", "besøgsven"],
    "borger": ["borger", "pårørende", "beboer på [plejehjem]"],
    "ukendt": ["", "IP", "Anna", "ejer af en virksomhed", "?"],
}


@pytest.mark.parametrize(("level", "title"), [(level, title) for level, titles in TITLES.items() for title in titles])
def test_level_of_a_title(level: str, title: str) -> None:
    assert level_of(title) == level


def test_nearly_all_titles_of_a_labelled_list_are_read_as_a_person_would() -> None:
    labelled = yaml.safe_load((Path(__file__).parent / "data" / "titles.yaml").read_text(encoding="utf-8"))
    wrong = [(title, level) for level, titles in labelled.items() for title in titles if level_of(title) != level]
    assert len(wrong) <= 4, wrong
