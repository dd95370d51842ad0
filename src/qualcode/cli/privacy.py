"""The command for the privacy gate: look, decide, replace."""

import getpass
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qualcode.cli.app import AsJson, DatabaseUrl, PathArgument, app, put, say, without_password
from qualcode.cli.reading import exit_code, read_all
from qualcode.errors import InputError, UsageError

if TYPE_CHECKING:
    from qualcode.models import Interview
    from qualcode.privacy.decisions import Gate, Verdict
    from qualcode.privacy.findings import Finding
    from qualcode.store.database import Database
    from qualcode.study import Study

_ANSWERS = "Sig 'e' for erstat, 'i' for ikke personligt, 's' for spring over eller 'q' for slut."


@app.command()
def check(
    path: PathArgument,
    as_json: AsJson = False,
    decide: Annotated[bool, typer.Option("--decide", help="Ask about each finding and remember the answers.")] = False,
    dismiss: Annotated[
        list[str] | None, typer.Option(metavar="FILE:START", help="Remember for the study: not personal.")
    ] = None,
    personal: Annotated[
        list[str] | None, typer.Option(metavar="FILE:START", help="Remember for the study: personal, to be replaced.")
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Write the transcripts anew under pseudonyms.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for --replace. Default: STUDY-pseudonymer beside the study.")
    ] = None,
    analyst: Annotated[str | None, typer.Option(help="Who decides. Default: the name you are logged in with.")] = None,
    database: DatabaseUrl = None,
) -> None:
    """Look for personal identifiers in transcripts; decide on them; replace them by pseudonyms."""
    readings, refused, study = read_all(path)
    interviews = [reading.interview for reading in readings]
    look = _Look(study, interviews, without_password(database), analyst or getpass.getuser())
    look.decide_places(dismiss or (), personal or ())
    if (dismiss or personal) and not (as_json or replace or decide):
        raise typer.Exit
    if decide:
        look.ask()
    if as_json:
        put(json.dumps(look.records(), ensure_ascii=False, indent=2))
    elif replace:
        refused += look.replace(out)
    else:
        look.show()
    for error in refused:
        say(f"Afvist: {error}")
    if replace:
        raise typer.Exit(exit_code(interviews, refused))
    raise typer.Exit(1 if look.found and interviews else exit_code(interviews, refused))


class _Look:
    """The findings of a study's interviews, and what may be done with them."""

    def __init__(self, study: "Study", interviews: Sequence["Interview"], url: str | None, analyst: str) -> None:
        from qualcode.privacy.gate import find_identifiers

        self._study = study
        self._interviews = interviews
        self._url = url
        self._analyst = analyst
        self._findings = [find_identifiers(interview) for interview in interviews]

    @property
    def found(self) -> bool:
        """Whether anything was found that is not dismissed."""
        return any(findings for _, findings in self._judged())

    def records(self) -> list[dict[str, object]]:
        """Return the findings as plain data."""
        return [
            {"file": interview.file, "interview": interview.id} | asdict(finding)
            for interview, findings in self._judged()
            for finding in findings
        ]

    def show(self) -> None:
        """Print a line for each identifier of each file, with its context and how often it comes."""
        from qualcode.privacy.context import masked_context
        from qualcode.privacy.findings import Certainty

        direct = possible = 0
        for everything, (interview, findings) in zip(self._findings, self._judged(), strict=True):
            for finding, times in _once(interview, findings):
                certain = finding.certainty is Certainty.DIRECT
                direct, possible = direct + certain, possible + (not certain)
                place = f"tur {finding.turn}" if finding.turn else "uden for turene"
                again = f" ({times} gange)" if times > 1 else ""
                put(
                    f"{interview.file}:{finding.start}  {place}  {finding.kind.value}, "
                    f"{'direkte' if certain else 'mulig'}  {finding.masked}{again}  "
                    f"»{masked_context(interview, finding, everything)}«"
                )
        self._warn_of_names()
        if direct or possible:
            say(
                f"{direct} direkte og {possible} mulige personoplysninger. "
                "De direkte standser dokumentet i 'qualcode run'. "
                "Afgør dem med --decide, eller erstat dem med --replace."
            )
        elif self._interviews:
            put(f"Ingen personoplysninger fundet i {len(self._interviews)} interview.")

    def _warn_of_names(self) -> None:
        """Tell of files whose name names somebody: it goes into reports as the interview's."""
        from qualcode.privacy.gate import find_in_name

        for interview in self._interviews:
            if find_in_name(interview.file):
                say(f"{interview.file}: filnavnet ligner en personoplysning. Giv filen et andet navn.")

    def decide_places(self, dismissed: Sequence[str], personal: Sequence[str]) -> None:
        """Remember what is said of findings, each named by file and start.

        Raises:
            UsageError: nothing was found there.
        """
        from qualcode.privacy.decisions import Verdict

        for places, verdict in ((dismissed, Verdict.NOT_PERSONAL), (personal, Verdict.REPLACE)):
            for place in places:
                interview, finding = self._at(place)
                self._remember(interview, finding, verdict)
                put(f"{place}  {finding.kind.value} {finding.masked}  {verdict.value}")

    def ask(self) -> None:
        """Ask about each identifier on which nobody has decided, and remember the answers."""
        from qualcode.privacy.context import masked_context
        from qualcode.privacy.decisions import Verdict, plain_form

        answers = {"e": Verdict.REPLACE, "i": Verdict.NOT_PERSONAL}
        say(_ANSWERS)
        asked = set()
        for everything, (interview, findings) in zip(self._findings, self._judged(), strict=True):
            for finding in findings:
                plain = plain_form(interview.quote(finding.start, finding.end), finding.kind)
                if (finding.kind, plain) in asked:
                    continue
                asked.add((finding.kind, plain))
                around = masked_context(interview, finding, everything)
                put(f"{interview.file}, tur {finding.turn}: »{around}«")
                answer = typer.prompt(f"{finding.kind.value} {finding.masked} [e/i/s/q]", default="s").lower()[:1]
                if answer == "q":
                    return
                if answer in answers:
                    self._remember(interview, finding, answers[answer])

    def replace(self, out: Path | None) -> list[InputError]:
        """Write the transcripts under pseudonyms, and the key; return what could not be written.

        Raises:
            UsageError: the folder is that of the originals.
        """
        from qualcode.files import OWNER_ONLY, replace_file
        from qualcode.privacy import replacing

        folder = out or self._study.folder.resolve().with_name(f"{self._study.name}-pseudonymer")
        if folder.resolve() == self._study.folder.resolve():
            raise UsageError("Vælg en anden mappe med --out: originalerne overskrives ikke.")
        found = self._judged()
        where = replacing.key_file(self._study)
        key = replacing.key_for(replacing.read_key(where), found)
        folder.mkdir(parents=True, exist_ok=True)
        replacing.write_key(where, key)
        faults: list[InputError] = []
        count = 0
        labels: dict[str, str] = {}
        for interview, findings in found:
            try:
                written = replacing.replaced(interview, findings, key, self._study.hints)
            except InputError as error:
                faults.append(error)
                continue
            replace_file(folder / written.name, written.content, OWNER_ONLY)
            labels |= replacing.labels_of(interview, findings, key)
            count += written.count
        settings = replacing.renamed_settings(self._study, labels)
        if settings is not None:
            replace_file(folder / "study.yaml", settings.encode("utf-8"), OWNER_ONLY)
        put(f"{count} personoplysninger erstattet i {len(found) - len(faults)} interview: {folder}")
        put(f"Nøglen ligger i {where}. Gem den adskilt fra interviewene; kun du kan læse filen.")
        return faults

    def _judged(self) -> list[tuple["Interview", list["Finding"]]]:
        gate = self._gate()
        return [
            (interview, gate.decided(interview, findings))
            for interview, findings in zip(self._interviews, self._findings, strict=True)
        ]

    def _gate(self) -> "Gate":
        from qualcode.privacy.decisions import Gate
        from qualcode.store.database import chosen_url, exists
        from qualcode.store.privacy import gate_of

        if not exists(chosen_url(self._url)):
            return Gate()
        with self._database().read() as session:
            return gate_of(session, self._study.name)

    def _database(self) -> "Database":
        from qualcode.store.database import Database, chosen_url

        return Database(chosen_url(self._url))

    def _at(self, place: str) -> tuple["Interview", "Finding"]:
        file, _, start = place.rpartition(":")
        for interview, findings in zip(self._interviews, self._findings, strict=True):
            if interview.file == file:
                for finding in findings:
                    if str(finding.start) == start:
                        return interview, finding
        raise UsageError(f"Der er intet fund ved '{place}'. Skriv fil og plads, som 'qualcode check' viser dem.")

    def _remember(self, interview: "Interview", finding: "Finding", verdict: "Verdict") -> None:
        from qualcode.privacy.decisions import plain_form
        from qualcode.store.privacy import remember_verdict

        plain = plain_form(interview.quote(finding.start, finding.end), finding.kind)
        with self._database().write() as session:
            remember_verdict(session, self._study.name, finding.kind, plain, verdict, self._analyst)


def _once(interview: "Interview", findings: Sequence["Finding"]) -> list[tuple["Finding", int]]:
    """Return each identifier's first finding and how often it comes."""
    from qualcode.privacy.decisions import plain_form

    forms = [
        (finding.kind, finding.certainty, plain_form(interview.quote(finding.start, finding.end), finding.kind))
        for finding in findings
    ]
    times = Counter(forms)
    first: dict[object, Finding] = {}
    for finding, form in zip(findings, forms, strict=True):
        first.setdefault(form, finding)
    return [(finding, times[form]) for form, finding in first.items()]  # type: ignore[index]
