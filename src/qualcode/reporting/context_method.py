"""The method chapter: how the material was made and coded, as far as the study knows."""

import datetime
from collections import Counter
from contextlib import suppress

import pandas as pd

from qualcode import __version__
from qualcode.analysis.suppression import Count, addends, total
from qualcode.models import Source, Status
from qualcode.reporting.danish import counted, date_in_words, in_letters, joined, number, percent
from qualcode.reporting.material import Material
from qualcode.reporting.values import GroupCount, Method


def method(material: Material) -> Method:
    """Return the method chapter."""
    codings, informants = material.codings, material.informants
    reviewed = int((codings["status"] != Status.FORESLAAET.value).sum())
    analysts = sorted({name for name in codings["analyst"] if name})
    words = int(informants["words"].sum())
    return Method(
        interviews=len(material.interviews),
        informants=material.people,
        words=words,
        units=material.units,
        codings=len(material.standing),
        suggested=len(codings) - reviewed,
        reviewed=reviewed,
        analysts=len(analysts),
        codebook=material.codebook.title,
        codebook_version=material.codebook.version,
        version=__version__,
        paragraphs=_paragraphs(material, reviewed, len(analysts)),
        by_group=tuple(
            GroupCount(group.name, group.plural, Count(group.size, material.people)) for group in material.groups
        ),
        departments=_split(informants["department"], material),
        waves=_split(informants["wave"], material),
        facts=_facts(material, words, reviewed, len(analysts)),
        agreement=material.agreement,
    )


def _split(values: pd.Series, material: Material) -> tuple[tuple[str, Count], ...]:
    """Return how many informants belong to each department or wave; nothing where it is the same for all."""
    people = Counter(str(value) if pd.notna(value) else "Ikke oplyst" for value in values)
    if len(people) < 2:
        return ()
    whole = total(material.people, material.people, material.small_cell)
    shown = addends(whole, people, dict.fromkeys(people, material.people), material.small_cell)
    if 2 * sum(count.hidden for count in shown.values()) > len(shown):
        # A table of hidden numbers tells nobody anything; the text has the names.
        return ()
    return tuple((name, shown[name]) for name in sorted(people, key=lambda name: (name == "Ikke oplyst", name)))


def _paragraphs(material: Material, reviewed: int, analysts: int) -> tuple[str, ...]:
    who = joined([f"{in_letters(group.size)} {group.counted.partition(' ')[2]}" for group in material.groups])
    interviews = "ét interview" if len(material.interviews) == 1 else f"{number(len(material.interviews))} interview"
    informants = "én interviewperson" if material.people == 1 else f"i alt {number(material.people)} interviewpersoner"
    several = len(material.groups) > 1 or (material.groups and material.groups[0].plural != "øvrige")
    # Among so few people a department would point to one of them.
    few = material.people < material.small_cell
    departments = [] if few else sorted(material.informants["department"].dropna().unique())
    basis = f"Rapporten bygger på {interviews} med {informants}"
    basis += f": {who}." if several else "."
    if departments:
        basis += f" De kommer fra {'; '.join(departments)}."
    coding = (
        f"Interviewpersonernes tale er delt i {counted(material.units, 'meningsenhed', 'meningsenheder')}, som er "
        "vurderet mod kodebogen "
        f"»{material.codebook.title}« (version {material.codebook.version}). Interviewerens spørgsmål er læst som "
        "sammenhæng, men ikke kodet. Programmet qualcode, som kører på projektets egen computer, har foreslået koder "
        "ud fra kodebogens regler og en model, der er trænet på eksempler; til hvert forslag hører en begrundelse. "
    )
    coding += _review(len(material.codings), reviewed, analysts)
    counting = (
        "Udbredelse tælles i personer og ikke i citater: Den, der siger meget, tæller én gang. Den samme person kan "
        "tale om et tema både som drivkraft, barriere og behov og tæller da med hvert sted. At et tema ikke er fundet "
        "hos en gruppe, betyder ikke, at gruppen er uenig, men at ingen i gruppen er kodet for det."
    )
    quotes = (
        "Citaterne er gengivet ordret fra de anonymiserede transskriptioner og er kun knyttet til interviewpersonens "
        "niveau. Udeladelser er mærket […]."
    )
    if material.thin_fillers:
        quotes += " Tøvelyde (øh, øhm og lignende) er udeladt for læsbarhedens skyld."
    paragraphs = [basis, coding, counting, quotes]
    if material.small_cell > 1:
        paragraphs.append(
            f"Af hensyn til anonymiteten vises antal under {material.small_cell} ikke. De er erstattet af •, og det "
            "samme er så mange andre tal, at de skjulte ikke kan regnes ud. Niveauer med færre end "
            f"{material.small_cell} personer er slået sammen med andre."
        )
    return tuple(paragraphs)


def _review(codings: int, reviewed: int, analysts: int) -> str:
    if not codings:
        return "Det har ikke givet nogen kodninger."
    if not reviewed:
        return "Ingen af kodningerne er endnu gennemset af en analytiker."
    by = "én analytiker" if analysts == 1 else f"{analysts} analytikere" if analysts else "analytikere"
    if reviewed == codings:
        return f"Alle {number(codings)} kodninger er gennemset af {by}."
    return f"{number(reviewed)} af {number(codings)} kodninger ({percent(reviewed, codings)}) er gennemset af {by}."


def _facts(material: Material, words: int, reviewed: int, analysts: int) -> tuple[tuple[str, str], ...]:
    codings = material.codings
    rejected = int((codings["status"] == Status.AFVIST.value).sum())
    by_hand = int((codings["source"] == Source.MENNESKE.value).sum())
    facts = [
        ("Interview", number(len(material.interviews))),
        ("Interviewpersoner", number(material.people)),
        ("Ord sagt af interviewpersonerne", number(words)),
        ("Meningsenheder", number(material.units)),
        ("Kodninger i alt", number(len(codings))),
        ("– gennemset af en analytiker", f"{number(reviewed)} ({percent(reviewed, len(codings))})"),
        ("– afvist", number(rejected)),
        ("– sat af en analytiker selv", number(by_hand)),
        ("Analytikere", number(analysts)),
        ("Kodebog", f"{material.codebook.title}, version {material.codebook.version}"),
        ("Program", f"qualcode {__version__}"),
    ]
    if period := _period(material):
        facts.insert(1, ("Foretaget", period))
    return tuple(facts)


def _period(material: Material) -> str:
    """Return from when to when the interviews were made, empty where no date can be read."""
    dates = []
    for interview in material.interviews:
        with suppress(ValueError):
            dates.append(datetime.date.fromisoformat(interview.facts.date or ""))
    if not dates:
        return ""
    first, last = date_in_words(min(dates)), date_in_words(max(dates))
    return first if first == last else f"{first} – {last}"
