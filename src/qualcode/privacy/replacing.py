"""Write a study's transcripts anew under pseudonyms, and the key apart from them.

Word files come out as new Word files that hold nothing but the words: what else was in the old ones – author,
comments, headers – may name people. Markdown and text stay what they are; all other formats become text. Each file is
read again before it is written: the turns must be the same.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from docx import Document

from qualcode.errors import InputError
from qualcode.files import OWNER_ONLY, replace_file
from qualcode.ingest.read import Hints, parse
from qualcode.models import Interview, Turn
from qualcode.privacy.findings import Finding, Kind
from qualcode.privacy.gate import find_in_name
from qualcode.privacy.pseudonyms import Entry, Key, extended, pseudonymised
from qualcode.study import SETTINGS_FILE, Study

_SPACES = str.maketrans("-_.", "   ")
_COLUMNS = ("pseudonym", "slags", "oprindelig")


@dataclass(frozen=True, slots=True)
class Replaced:
    """A transcript under pseudonyms: the file's name and bytes, and how many findings were replaced."""

    name: str
    content: bytes
    count: int


def key_file(study: Study) -> Path:
    """Return where a study's key lies: beside the folder of the originals, in none of qualcode's own."""
    folder = study.folder.resolve()
    return folder.with_name(f"{study.name}-noegle.csv")


def read_key(path: Path) -> Key:
    """Return the key in a file, an empty one if there is no file.

    Raises:
        InputError: the file is no key.
    """
    if not path.exists():
        return Key()
    try:
        rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")), delimiter=";")
        return Key(tuple(Entry(row["pseudonym"], Kind(row["slags"]), row["oprindelig"]) for row in rows))
    except (KeyError, ValueError, OSError):
        raise InputError(path, "nøglefilen kan ikke læses", mend="Flyt den, og kør igen, så laves en ny") from None


def write_key(path: Path, key: Key) -> None:
    """Write a key so that only its owner can read it, aside first: nobody sees half a key."""
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet, delimiter=";")
    writer.writerow(_COLUMNS)
    writer.writerows((entry.pseudonym, entry.kind.value, entry.words) for entry in key.entries)
    replace_file(path, sheet.getvalue().encode("utf-8-sig"), OWNER_ONLY)


def key_for(key: Key, found: Sequence[tuple[Interview, Sequence[Finding]]]) -> Key:
    """Return the key with a pseudonym for every finding of a study's interviews, their files' names included."""
    identifiers = [
        (interview.quote(finding.start, finding.end), finding.kind)
        for interview, findings in found
        for finding in findings
    ]
    identifiers += [identifier for interview, _ in found for identifier in _in_name(interview.file)]
    return extended(key, identifiers)


def _in_name(file: str) -> list[tuple[str, Kind]]:
    return [(Path(file).stem[item.start : item.end].translate(_SPACES), item.kind) for item in find_in_name(file)]


def _new_name(file: str, key: Key) -> str:
    """Return a file's name with the persons in it under pseudonyms, and the ending of what is written."""
    stem = Path(file).stem
    for item in reversed(find_in_name(file)):
        words = stem[item.start : item.end].translate(_SPACES)
        stem = stem[: item.start] + key.pseudonym(words, item.kind) + stem[item.end :]
    suffix = Path(file).suffix.lower()
    return stem + (suffix if suffix in (".txt", ".md", ".docx") else ".txt")


def replaced(interview: Interview, findings: Sequence[Finding], key: Key, hints: Hints) -> Replaced:
    """Return a transcript under pseudonyms.

    Raises:
        InputError: written under pseudonyms it would not be read as the same turns.
    """
    text = pseudonymised(interview, findings, key)
    name = _new_name(interview.file, key)
    wanted = _turns_within(interview, findings, key)
    for written in (text, _plain_contract(interview, findings, key, wanted)):
        content = _docx(written) if name.endswith(".docx") else written.encode("utf-8")
        if _turns_of(content, name, _renamed(hints, interview, wanted)) == [_told(turn) for turn in wanted]:
            return Replaced(name, content, len(findings))
    raise InputError(
        interview.file, "den kan ikke skrives om, så turene bliver de samme", mend="Erstat personoplysningerne i hånden"
    )


@dataclass(frozen=True, slots=True)
class _Spoken:
    speaker: str
    was: str
    interviewer: bool
    words: str


def _turns_within(interview: Interview, findings: Sequence[Finding], key: Key) -> list[_Spoken]:
    """Return the turns as they are to be read again."""
    return [
        _Spoken(
            _label(turn, interview, findings, key),
            turn.speaker,
            turn.interviewer,
            pseudonymised(interview, findings, key, turn.start, turn.end),
        )
        for turn in interview.turns
    ]


def _label(turn: Turn, interview: Interview, findings: Sequence[Finding], key: Key) -> str:
    """Return a turn's label under pseudonyms."""
    line = interview.text.rfind("\n", 0, turn.start) + 1
    label = turn.speaker
    for finding in findings:
        if line <= finding.start < turn.start:
            words = interview.quote(finding.start, finding.end)
            label = label.replace(words, key.pseudonym(words, finding.kind))
    return label


def _told(turn: _Spoken) -> tuple[str, bool, str]:
    return turn.speaker, turn.interviewer, " ".join(turn.words.split())


def _turns_of(content: bytes, name: str, hints: Hints) -> list[tuple[str, bool, str]]:
    try:
        read = parse(content, name, hints)
    except InputError:
        return []
    return [(turn.speaker, turn.interviewer, " ".join(read.quote(turn.start, turn.end).split())) for turn in read.turns]


def _plain_contract(interview: Interview, findings: Sequence[Finding], key: Key, turns: Sequence[_Spoken]) -> str:
    """Return a transcript in the plain form that is always read the same way: header, then a line a turn.

    The header names the interviewer: who asks and who says most may look different under pseudonyms.
    """
    interviewers = dict.fromkeys(turn.speaker for turn in turns if turn.interviewer)
    facts = {
        "Interviewer": ", ".join(interviewers),
        "Interview": interview.id,
        "Rolle": interview.facts.role,
        "Forvaltning": interview.facts.department,
        "Dato": interview.facts.date,
        "Bølge": interview.facts.wave,
    }
    header = [f"{name}: {value}" for name, value in facts.items() if value]
    for finding in findings:
        words = interview.quote(finding.start, finding.end)
        header = [line.replace(words, f"[{key.pseudonym(words, finding.kind)}]") for line in header]
    return "\n".join([*header, "---", "", *(f"{turn.speaker}: {' '.join(turn.words.split())}" for turn in turns), ""])


def _docx(text: str) -> bytes:
    document = Document()
    for line in text.split("\n"):
        document.add_paragraph(line)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _renamed(hints: Hints, interview: Interview, turns: Sequence[_Spoken]) -> Hints:
    names = {turn.was: turn.speaker for turn in turns}
    return Hints(
        tuple(names.get(label, label) for label in hints.interviewers),
        {names.get(label, label): role for label, role in hints.speakers.items()},
    )


def labels_of(interview: Interview, findings: Sequence[Finding], key: Key) -> dict[str, str]:
    """Return the speakers' labels and what they become."""
    return {turn.was: turn.speaker for turn in _turns_within(interview, findings, key)}


def renamed_settings(study: Study, labels: dict[str, str]) -> str | None:
    """Return ``study.yaml`` with the speakers' labels under pseudonyms; None if the study has none."""
    if not (study.folder / SETTINGS_FILE).exists():
        return None
    settings = study.settings.model_dump(mode="json", exclude_unset=True)
    if "interviewers" in settings:
        settings["interviewers"] = [labels.get(label, label) for label in settings["interviewers"]]
    if "speakers" in settings:
        settings["speakers"] = {labels.get(label, label): role for label, role in settings["speakers"].items()}
    return yaml.safe_dump(settings, allow_unicode=True, sort_keys=False)
