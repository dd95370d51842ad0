"""What is told when the machine, not the material, is at fault, and how a command is broken off.

Everything qualcode stores is stored whole or not at all, so what is told is always: the same command goes on.
"""

import errno
import os
import signal
import sqlite3
import sys
import traceback
from pathlib import Path
from types import FrameType

from sqlalchemy.exc import DBAPIError

import qualcode
from qualcode.cli.app import say

INTERRUPTED = 130
_AGAIN = "Intet, der var gemt, er tabt; kør samme kommando igen, så fortsætter den."
_DISK = {
    errno.ENOSPC: "Disken er fuld",
    errno.EDQUOT: "Diskkvoten er brugt op",
    errno.EFBIG: "Filen er større, end disken tillader",
    errno.EROFS: "Drevet kan kun læses",
    errno.EIO: "Drevet svarer ikke, som det skal",
    errno.EMFILE: "For mange filer er åbne",
}
_DATABASE = {
    "full": "Disken er fuld",
    "locked": "Databasen er optaget af et andet program",
    "readonly": "Databasen kan kun læses",
    "unable to open": "Databasen kan ikke åbnes",
    "disk i/o": "Drevet med databasen svarer ikke, som det skal",
    "malformed": "Databasefilen er beskadiget; hent den fra en sikkerhedskopi",
    "not a database": "Filen er ikke en database",
}


def break_off(_number: int, _frame: FrameType | None) -> None:
    """End at once at Ctrl-C: waiting for batches under way could take minutes, and they are done anew anyway."""
    if sys.stderr.isatty():
        # A progress bar has hidden the cursor.
        sys.stderr.write("\x1b[?25h\n")
    say(f"Afbrudt. {_AGAIN}")
    sys.stderr.flush()
    os._exit(INTERRUPTED)


def watch_for_ctrl_c() -> None:
    """Have Ctrl-C break off, unless whoever started the command has it ignored."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, break_off)


def told(error: BaseException) -> str:
    """Return one line on an error that is none of the user's making.

    It never repeats the message of an unknown error: that may quote an interview.
    """
    if isinstance(error, DBAPIError | sqlite3.Error):
        return f"{_of_database(error)}. {_AGAIN}"
    if isinstance(error, OSError) and (error.filename is not None or error.errno in _DISK):
        return f"{_of_disk(error)}. {_AGAIN}"
    if isinstance(error, MemoryError):
        return f"Der er ikke hukommelse nok. {_AGAIN}"
    return f"Uventet fejl: {type(error).__name__} i {_place(error)}. {_AGAIN} Meld fejlen, hvis den kommer igen."


def _of_disk(error: OSError) -> str:
    what = _DISK.get(error.errno or 0)
    name = f"'{os.fsdecode(error.filename)}'" if isinstance(error.filename, str | bytes) else "en fil"
    if what:
        return f"{what} ({name})" if error.filename else what
    return f"{name[:1].upper()}{name[1:]} kan ikke læses eller skrives ({error.strerror})"


def _of_database(error: DBAPIError | sqlite3.Error) -> str:
    # Only the driver's own words: SQLAlchemy's message repeats statements and their data.
    cause = str(error.orig if isinstance(error, DBAPIError) else error)
    known = next((what for word, what in _DATABASE.items() if word in cause.lower()), None)
    return known or f"Databasen svarer ikke, som den skal ({type(error).__name__})"


def _place(error: BaseException) -> str:
    """Return module and line of our own code where an error came up."""
    home = Path(qualcode.__file__).parent
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(home)] or frames
    last = ours[-1] if ours else None
    return f"{Path(last.filename).name}, linje {last.lineno}" if last else "ukendt sted"
