"""The codes of a project as codes of the study: known ones found, the rest put into a new codebook."""

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy.orm import Session

from qualcode.exchange.codebook_yaml import codebook_files, extended
from qualcode.exchange.codes_in import ForeignCode, Matched, match_codes
from qualcode.exchange.refi.guids import code_guid
from qualcode.exchange.refi.project import RefiCode, RefiProject
from qualcode.exchange.refi.xmlsafe import clean
from qualcode.models import Codebook
from qualcode.store.studies import remember_study
from qualcode.study import Study


def foreign_codes(codes: tuple[RefiCode, ...], sets: Mapping[str, tuple[str, ...]]) -> list[ForeignCode]:
    """Return the codes of a REFI-QDA file without the characters that YAML cannot hold."""
    return [
        ForeignCode(
            code.guid, tuple(map(clean, code.path)), clean(code.description), code.color, sets.get(code.guid, ())
        )
        for code in codes
    ]


def match_project(project: RefiProject, codebook: Codebook) -> Matched:
    """Match a project's codes to the study's; NVivo's cases, which it writes as codes too, are none."""
    codes = tuple(code for code in project.codes if code.guid not in project.cases)
    guids = {code_guid(codebook, code.id): code.id for code in codebook.codes}
    return match_codes(foreign_codes(codes, project.sets), codebook, guids)


def new_codebook(codebook: Codebook, matched: Matched, folder: Path) -> dict[Path, bytes]:
    """Return the files of a codebook with the new codes in it, to be written beside the study; none if none is new."""
    if not matched.new:
        return {}
    return codebook_files(extended(codebook, matched.new), folder / f"{codebook.id}-med-import.yaml")


def use_codebook(session: Session, study: Study, files: Mapping[Path, bytes]) -> None:
    """Let a study go on with a new codebook: codings of codes that its codebook lacks are in no export.

    Args:
        session: a transaction for writing
        study: the study
        files: of the new codebook, its own first; none if there is none
    """
    if files:
        remember_study(session, study.name, study.folder.resolve(), next(iter(files)).resolve())


def settings_naming(study: Study, files: Mapping[Path, bytes]) -> dict[Path, bytes]:
    """Return a ``study.yaml`` that names a new codebook, for a study that has none yet."""
    path = study.folder / "study.yaml"
    return {path: f"codebook: {next(iter(files)).name}\n".encode()} if files and not path.exists() else {}


def told_of(matched: Matched, files: Mapping[Path, bytes]) -> list[str]:
    """Return what the user must know of new codes, in Danish."""
    if not matched.new:
        return []
    names = ", ".join(f"'{code.name}'" for code in matched.new[:10])
    more = f" og {len(matched.new) - 10} til" if len(matched.new) > 10 else ""
    file = next(iter(files)).name
    lines = [
        f"{len(matched.new)} koder findes ikke i studiets kodebog: {names}{more}.",
        f"En kodebog med dem skrives i studiets mappe og bruges fra nu af til eksport og gennemgang: {file}. "
        f"Skriv 'codebook: {file}' i study.yaml, hvis det ikke står der, så bruger 'qualcode run' den også.",
    ]
    if matched.guessed:
        lines.append(f"{matched.guessed} af dem siger ikke, om de er barriere, drivkraft …: ret 'kind' i kodebogen.")
    return lines
