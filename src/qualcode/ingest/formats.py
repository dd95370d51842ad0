"""The one table of transcript formats: file ending → reader. A new format is one module and one line here."""

from collections.abc import Callable, Mapping
from pathlib import Path

from qualcode.errors import InputError
from qualcode.ingest.document import RawBlock, Source
from qualcode.ingest.docx import read_docx
from qualcode.ingest.odt import read_odt
from qualcode.ingest.pdf import read_pdf
from qualcode.ingest.plain import read_plain
from qualcode.ingest.rtf import read_rtf
from qualcode.ingest.sheet import read_csv, read_xlsx
from qualcode.ingest.subtitles import read_srt, read_vtt
from qualcode.ingest.whisper import read_whisper

Reader = Callable[[Source], list[RawBlock]]

READERS: Mapping[str, Reader] = {
    ".csv": read_csv,
    ".docm": read_docx,
    ".docx": read_docx,
    ".json": read_whisper,
    ".md": read_plain,
    ".odt": read_odt,
    ".pdf": read_pdf,
    ".rtf": read_rtf,
    ".srt": read_srt,
    ".txt": read_plain,
    ".vtt": read_vtt,
    ".xlsx": read_xlsx,
}
# Documents people may expect to be read; told of by name instead of passed over in silence.
UNREAD = frozenset(
    ".doc .dot .dotx .fodt .htm .html .numbers .ods .ott .pages .tsv .wpd .wps .xls .xlsb .xlsm .xml .zip".split()
)
# What qualcode itself writes, should it lie in the study folder.
_OWN_OUTPUTS = frozenset({"codings.csv", "codings.xlsx", "run.json"})


def is_transcript(path: Path) -> bool:
    """Tell whether a file name looks like a transcript; Office lock files (``~$…``) and hidden ones do not."""
    return path.suffix.lower() in READERS and not _is_passed_by(path)


def is_unread(path: Path) -> bool:
    """Tell whether a file name looks like a document that no reader knows."""
    return path.suffix.lower() in UNREAD and not _is_passed_by(path)


def _is_passed_by(path: Path) -> bool:
    return path.name.startswith((".", "~$")) or path.name.lower() in _OWN_OUTPUTS


def reader_for(path: Path) -> Reader:
    """Return the reader for a file by its ending.

    Raises:
        InputError: no reader knows the ending.
    """
    try:
        return READERS[path.suffix.lower()]
    except KeyError:
        raise unknown_format(path) from None


def unknown_format(path: Path) -> InputError:
    """Return the error for a file whose ending no reader knows."""
    what = f"formatet '{path.suffix}' læses ikke" if path.suffix else "filen har ingen endelse, der viser formatet"
    return InputError(path, what, mend="Åbn filen, og gem den som .docx eller .txt")
