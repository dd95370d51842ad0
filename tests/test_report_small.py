"""Reports on very little: one interview, three, nothing coded."""

import re

from qualcode.analyses import AnalysisSettings
from qualcode.reporting.context import build_report
from qualcode.reporting.layout import document
from qualcode.reporting.layout_brief import brief
from qualcode.reporting.markdown import render_markdown
from tests.test_analyses import Person, material, says

NOTHING = AnalysisSettings()


def written(people: list[Person]) -> str:
    return render_markdown(document(build_report(material(people, NOTHING)))).decode()


def test_one_interview_is_spoken_of_in_the_singular() -> None:
    report = build_report(material([("leder", None, "A", says("fase.start"))], NOTHING))
    text = render_markdown(document(report)).decode()
    assert "Analyse af 1 interview med 1 interviewperson ·" in text
    assert "Rapporten bygger på ét interview med én interviewperson." in text
    assert "Interviewpersonen taler om temaet." in text
    assert "(leder)" not in text
    assert "De kommer fra" not in text
    assert not re.search(r"\b1 interviewpersoner|de 1 |alle 1 ", text)
    assert "af 1 interview med 1 interviewperson" in brief(report, report.themes[0]).subtitle


def test_three_interviews_hide_what_is_small_and_say_it_in_whole_sentences() -> None:
    text = written([("leder", None, "A", says("fase.start")), ("leder", None, "A", says("ledelse.ramme"))] * 2)
    assert "Færre end 3 af de fire interviewpersoner taler om temaet." in text
    assert "figuren i resuméet" not in text
    assert "Alle 4 kodninger er maskinens forslag" in text
    assert "Der er for få interviewpersoner til, at hovedresultater kan gøres op i antal." in text


def test_nothing_coded_is_told_and_not_taken_for_too_few_people() -> None:
    text = written([("leder", None, "A", says()), ("medarbejder", None, "B", says())] * 3)
    assert "Ingen passager er kodet med et tema endnu" in text
    assert "Det har ikke givet nogen kodninger." in text
    assert "Ingen temaer er kodet som barriere eller behov." in text
