"""A codebook of another program into a study: the codes it lacks go into a new codebook beside the transcripts."""

from pathlib import Path

from sqlalchemy.orm import Session

from qualcode.exchange.codebook_files import READERS
from qualcode.exchange.codes_in import match_codes
from qualcode.exchange.new_files import write_new
from qualcode.exchange.refi.guids import code_guid
from qualcode.exchange.refi.project_codes import new_codebook, settings_naming, told_of, use_codebook
from qualcode.exchange.requests import ImportPlan, ImportRequest


def import_codes(request: ImportRequest) -> ImportPlan:
    """Return what a ``.qdc`` file or Taguette's codebook would bring into the study; nothing is stored.

    Raises:
        InputError: the file cannot be read.
    """
    codebook = request.codebook
    foreign = READERS[Path(request.file).suffix.lower()](request.content, request.file)
    guids = {code_guid(codebook, code.id): code.id for code in codebook.codes}
    matched = match_codes(foreign, codebook, guids)
    book = new_codebook(codebook, matched, request.study.folder)
    wanted = book | settings_naming(request.study, book)
    files = {path: content for path, content in wanted.items() if not path.exists()}

    def apply(session: Session) -> None:
        use_codebook(session, request.study, book)
        write_new(files)

    known = len(foreign) - len(matched.new)
    return ImportPlan(
        lines=(f"Koder i {request.file}: {len(foreign)}, heraf i studiets kodebog: {known}", *told_of(matched, book)),
        counts={"nye koder": len(matched.new)},
        faults=(),
        changes=bool(files),
        apply=apply,
    )
