"""Commands for double coding: how far coders agree, blind rounds, and settling what they disagree about."""

import getpass
import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qualcode.cli.app import AsJson, CodebookFile, DatabaseUrl, StudyDir, app, put, say
from qualcode.cli.exchanging import open_study
from qualcode.errors import InputError, UsageError

if TYPE_CHECKING:
    from qualcode.agreement.adjudicate import Answered
    from qualcode.agreement.compare import Comparison
    from qualcode.agreement.rounds import Given, RoundPassage
    from qualcode.agreement.units import UnitKind
    from qualcode.models import Codebook, Interview
    from qualcode.store.database import Database
    from qualcode.study import Study

round_app = typer.Typer(help="Blind rounds: several people code the same passages unseen.", no_args_is_help=True)
app.add_typer(round_app, name="round")

RoundName = Annotated[str, typer.Argument(metavar="ROUND", help="Name of the round.")]
Codes = Annotated[
    list[str] | None,
    typer.Option("--code", help="A code the passage has, or CODE:VALENCE; may be repeated. None: no code."),
]
PassageNumber = Annotated[int | None, typer.Option("--passage", help="Number of the passage.")]


@app.command()
def agreement(
    study_dir: StudyDir,
    round_name: Annotated[str | None, typer.Option("--round", help="This round. Default: the newest one.")] = None,
    files: Annotated[
        tuple[Path, Path] | None,
        typer.Option(help="Two CSV files of codings to compare instead, columns as in STUDY_DIR/gold."),
    ] = None,
    unit: Annotated[str, typer.Option(help="With files: what speech is cut into, meaning or sentence.")] = "meaning",
    as_json: AsJson = False,
    codebook: CodebookFile = None,
    database: DatabaseUrl = None,
) -> None:
    """Show how far coders agree with each other and with the machine, per code and in all, with 95 % intervals.

    Without a round and files, the coders' files in STUDY_DIR/gold are compared.
    """
    from qualcode.agreement.gather import MACHINE, compare_round
    from qualcode.agreement.page import record, table
    from qualcode.agreement.rounds import find_round, rounds
    from qualcode.agreement.units import UnitKind

    if unit not in list(UnitKind):
        raise UsageError(f"'{unit}' kendes ikke. Brug en af: {', '.join(UnitKind)}.")
    if round_name and files:
        raise UsageError("Vælg enten --round eller --files.")
    study, store, book = open_study(study_dir, codebook, database)
    with store.read() as session:
        known = rounds(session, study.name)
        if files is None and (round_name or known):
            of = find_round(session, study.name, round_name) if round_name else known[-1]
            found, told = compare_round(session, study, of, book), f"Runden '{of.name}'"
        else:
            chosen = files or tuple(sorted((study.folder / "gold").glob("coder-*.csv")))
            found, told = _compare_files(study, store, book, chosen, UnitKind(unit)), "Filerne"
    if as_json:
        put(json.dumps({"study": study.name, "comparisons": [record(one) for one in found]}, ensure_ascii=False))
        return
    put(f"{told} i studiet {study.name}. Regler for enheder og overlap: docs/agreement.md.")
    for one in found:
        put("")
        for line in table(one):
            put(line)
    if not any(MACHINE in one.coders for one in found):
        say("Maskinens forslag er ikke med: kør 'qualcode run' på studiet først.")


def _compare_files(
    study: "Study", store: "Database", book: "Codebook", files: Iterable[Path], kind: "UnitKind"
) -> list["Comparison"]:
    from qualcode.agreement.gather import compare_files, machine_codings
    from qualcode.evaluation.gold import load_gold
    from qualcode.language.pipeline import danish
    from qualcode.store.documents import load_interviews

    interviews = {interview.id: interview for interview in study.read_all()}
    coded = {}
    for file in files:
        if not file.is_file():
            raise InputError(file, "filen findes ikke")
        name = file.stem if file.stem not in coded else str(file)
        coded[name] = load_gold(file, interviews, book)
    if len(coded) < 2:
        raise UsageError(
            "Der er ingen runde og ingen filer at sammenligne. Lav en runde, eller angiv --files A.csv B.csv."
        )
    with store.read() as session:
        stored = list(load_interviews(session, study.name))
        unchanged = [one for one in stored if one.id in interviews and one.digest == interviews[one.id].digest]
        machine = machine_codings(session, study, unchanged) if len(unchanged) == len(interviews) else None
    return compare_files(coded, machine, list(interviews.values()), danish(), kind, book)


@round_app.command("new")
def new(
    study_dir: StudyDir,
    name: RoundName,
    coder: Annotated[list[str], typer.Option(help="A coder; give two or more.")],
    sample: Annotated[str, typer.Option(help="What is drawn: passages, interviews or levels.")] = "passages",
    share: Annotated[float, typer.Option(help="How much of it is drawn, above 0 and at most 1.")] = 0.2,
    overlap: Annotated[float, typer.Option(help="Share of the drawn passages that all coders get.")] = 1.0,
    seed: Annotated[int, typer.Option(help="The same seed draws the same passages.")] = 0,
    database: DatabaseUrl = None,
) -> None:
    """Make a blind round: draw passages and assign them to coders."""
    from qualcode.agreement.rounds import make_round, progress
    from qualcode.agreement.sampling import Draw, Sample, draw_passages
    from qualcode.language.pipeline import danish

    if sample not in list(Draw):
        raise UsageError(f"'{sample}' kendes ikke. Brug en af: {', '.join(Draw)}.")
    study, store, _ = open_study(study_dir, None, database)
    interviews = _interviews(study, store)
    how = Sample(Draw(sample), share, overlap, seed)
    drawn = [(interviews[unit.interview], unit) for unit in draw_passages(list(interviews.values()), danish(), how)]
    with store.write() as session:
        made = make_round(session, study.name, name, coder, drawn, how)
        put(f"Runden '{made.name}': {len(drawn)} afsnit.")
        for one in progress(session, made):
            put(f"  {one.coder}: {one.assigned} afsnit")


@round_app.command("list")
def list_rounds(study_dir: StudyDir, as_json: AsJson = False, database: DatabaseUrl = None) -> None:
    """List the rounds of a study, and who has what left."""
    from qualcode.agreement.rounds import progress, rounds

    study, store, _ = open_study(study_dir, None, database)
    with store.read() as session:
        told = [(one, progress(session, one)) for one in rounds(session, study.name)]
    if as_json:
        keys = ("name", "coders", "sample", "made", "closed")
        listed = [
            {key: getattr(one, key) for key in keys}
            | {"progress": [{"coder": it.coder, "assigned": it.assigned, "done": it.done} for it in coders]}
            for one, coders in told
        ]
        put(json.dumps(listed, ensure_ascii=False))
        return
    for one, coders in told:
        state = ", ".join(f"{it.coder} {it.done} af {it.assigned}" for it in coders)
        put(f"{one.name}: {state}{' (lukket: afgøres)' if one.closed else ''}")
    if not told:
        put("Studiet har ingen runder.")


@round_app.command("code")
def code(
    study_dir: StudyDir,
    name: RoundName,
    coder: Annotated[str, typer.Option(help="Who codes.")],
    passage: PassageNumber = None,
    codes: Codes = None,
    database: DatabaseUrl = None,
) -> None:
    """Show a coder the passages left, or store the whole answer on one; no --code means that it has no code."""
    from qualcode.agreement.rounds import answer, find_round, passages

    study, store, book = open_study(study_dir, None, database)
    if passage is None:
        with store.read() as session:
            of = find_round(session, study.name, name)
            if coder not in of.coders:
                raise UsageError(f"{coder} er ikke koder i runden. Kodere: {', '.join(of.coders)}.")
            left = passages(session, of, coder)
        for one in left:
            put(_told(one))
        say(f"{len(left)} afsnit mangler.")
        return
    interviews = _interviews(study, store)
    with store.write() as session:
        of = find_round(session, study.name, name)
        where = next((one.interview for one in passages(session, of) if one.number == passage), None)
        if where not in interviews:
            raise UsageError(f"Runden '{name}' har intet afsnit {passage} i studiets interview.")
        given = _given(codes or [], book)
        answer(session, of, coder, passage, given, interview=interviews[where], codebook=book)
    put(f"Afsnit {passage}: {', '.join(one.code for one in given) or 'ingen kode'}.")


@round_app.command("adjudicate")
def adjudicate(
    study_dir: StudyDir,
    name: RoundName,
    passage: PassageNumber = None,
    codes: Codes = None,
    agreed: Annotated[bool, typer.Option("--agreed", help="Take over what all coders agree about.")] = False,
    reason: Annotated[str, typer.Option(help="Why; kept in the journal.")] = "",
    analyst: Annotated[str | None, typer.Option(help="Who settles. Default: the name you are logged in with.")] = None,
    database: DatabaseUrl = None,
) -> None:
    """List what coders disagree about, settle a passage, or take over all that they agree about."""
    from qualcode.agreement.adjudicate import agreed_outcome, answered, settle
    from qualcode.agreement.rounds import find_round

    study, store, book = open_study(study_dir, None, database)
    who = analyst or getpass.getuser()
    with store.read() as session:
        of = find_round(session, study.name, name)
        found = answered(session, of)
    if passage is None and not agreed:
        _list_disagreements(found)
        return
    if passage is not None and not reason:
        raise UsageError("Skriv begrundelsen med --reason.")
    interviews = _interviews(study, store)
    chosen = [one for one in found if (one.agreed and one.settled is None if agreed else one.passage.number == passage)]
    if passage is not None and not agreed and not chosen:
        raise UsageError(f"Afsnit {passage} er ikke kodet færdigt af alle, der har fået det.")
    with store.write() as session:
        for one in chosen:
            outcome = agreed_outcome(one) if agreed else _given(codes or [], book)
            interview = interviews.get(one.passage.interview)
            if interview is None:
                raise UsageError(f"Interview {one.passage.interview} er ikke længere i studiet.")
            why = reason or "koderne er enige"
            settle(session, of, one, outcome, analyst=who, reason=why, interview=interview, codebook=book)
    put(f"{len(chosen)} afsnit afgjort.")


def _list_disagreements(found: Iterable["Answered"]) -> None:
    differing = [one for one in found if not one.agreed]
    for one in differing:
        put(_told(one.passage))
        for coder, codes in one.codes.items():
            told = ", ".join(f"{code} ({valence})" for code, valence in codes.items()) or "ingen kode"
            put(f"    {coder}: {told}")
        if one.settled is not None:
            put(f"    afgjort: {', '.join(one.settled) or 'ingen kode'}")
    left = sum(one.settled is None for one in differing)
    say(f"{len(differing)} afsnit med uenighed, {left} ikke afgjort.")


def _told(passage: "RoundPassage") -> str:
    return f"{passage.number}  {passage.interview}:{passage.turn}  »{' '.join(passage.quote.split())}«"


def _given(codes: Iterable[str], codebook: "Codebook") -> list["Given"]:
    """Read CODE or CODE:VALENCE; without a valence the one that the code's kind says, else neutral."""
    from qualcode.agreement.rounds import Given, usual_valence
    from qualcode.models import Valence

    given = []
    for text in dict.fromkeys(codes):
        code_id, _, valence = text.partition(":")
        code = codebook.by_id.get(code_id)
        if code is None:
            raise UsageError(f"Koden '{code_id}' findes ikke i kodebogen {codebook.id}.")
        if not valence:
            valence = usual_valence(code)
        if valence not in list(Valence):
            raise UsageError(f"Valensen '{valence}' kendes ikke. Brug en af: {', '.join(Valence)}.")
        given.append(Given(code_id, Valence(valence)))
    return given


def _interviews(study: "Study", store: "Database") -> dict[str, "Interview"]:
    from qualcode.store.documents import load_interviews

    with store.read() as session:
        found = {interview.id: interview for interview in load_interviews(session, study.name)}
    if not found:
        raise UsageError(f"Studiet '{study.name}' er ikke i databasen. Kør 'qualcode run' på det først.")
    return found
