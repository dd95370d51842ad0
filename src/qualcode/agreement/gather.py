"""Who is compared with whom: the coders of a round, or people's files, each with the machine beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from spacy.language import Language
from sqlalchemy.orm import Session

from qualcode.agreement.compare import Coder, Comparison, compare
from qualcode.agreement.rounds import Round, done_by, given_by, passages
from qualcode.agreement.units import CodedSpan, Passage, Unit, UnitKind, cut, lay
from qualcode.models import Codebook, Interview
from qualcode.store.codings import suggestions
from qualcode.store.documents import load_interviews
from qualcode.study import Study

MACHINE = "maskinen"


def compare_round(session: Session, study: Study, of: Round, codebook: Codebook) -> list[Comparison]:
    """Compare the coders of a round on its passages, and each of them with what the machine suggests there."""
    drawn = passages(session, of)
    units = [Unit(passage.interview, passage.start, passage.end) for passage in drawn]
    coders = []
    for name in of.coders:
        spans = [
            CodedSpan(held.first.interview, held.start, held.end, held.code, held.valence)
            for held in given_by(session, of, name)
        ]
        coders.append(Coder(name, spans, frozenset(number - 1 for number in done_by(session, of, name))))
    same = {passage.interview: passage.document_digest for passage in drawn}
    unchanged = [one for one in load_interviews(session, study.name) if same.get(one.id) == one.digest]
    machine = machine_codings(session, study, unchanged)
    if machine:
        touching = zip(machine.passages, lay(machine.passages, units).touched, strict=True)
        machine = replace(machine, passages=[passage for passage, touched in touching if touched])
    return _all_pairs(coders, machine, units, [code.id for code in codebook.codes])


def compare_files(
    coded: Mapping[str, Sequence[Passage]],
    machine: Coder | None,
    interviews: Sequence[Interview],
    nlp: Language,
    kind: UnitKind,
    codebook: Codebook,
) -> list[Comparison]:
    """Compare files of codings, by name, on the units of the interviews that occur in all of them."""
    shared = set.intersection(*({passage.interview for passage in passages} for passages in coded.values()))
    units = [unit for interview in interviews if interview.id in shared for unit in cut(interview, nlp, kind)]
    coders = [Coder(name, passages) for name, passages in coded.items()]
    return _all_pairs(coders, machine, units, [code.id for code in codebook.codes])


def machine_codings(session: Session, study: Study, interviews: Sequence[Interview]) -> Coder | None:
    """Return what the machine suggests for interviews, whatever people decided of it; None if it has coded none."""
    if not interviews:
        return None
    found = [
        coding
        for interview in interviews
        for coding in suggestions(session, study.name, interview)
        if coding.score >= study.settings.threshold
    ]
    return Coder(MACHINE, found) if found else None


def _all_pairs(
    people: Sequence[Coder], machine: Coder | None, units: Sequence[Unit], codes: Sequence[str]
) -> list[Comparison]:
    """People in all and two by two, then the machine with each of them, on the codes that people use."""
    compared = [compare(people, units, codes)]
    if len(people) > 2:
        compared += [compare(pair, units, codes) for pair in combinations(people, 2)]
    if machine:
        used = [code.code for code in compared[0].codes]
        compared += [compare([coder, machine], units, used) for coder in people]
    return compared
