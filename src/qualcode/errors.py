"""What qualcode says when something given to it is wrong: file, place, what, how to mend."""

import traceback
from collections.abc import Sequence
from pathlib import Path


class QualcodeError(Exception):
    """Base of all errors whose message is meant for the user; anything else is a bug."""


class InputError(QualcodeError):
    """A file that cannot be used.

    ``str(error)`` is one Danish line without any of the file's personal data: it may be logged.

    Attributes:
        file: name of the file, without the folder
        line: line number from 1, or None
        what: what is wrong
        mend: how to put it right, or an empty string
    """

    def __init__(self, file: str | Path, what: str, *, mend: str = "", line: int | None = None) -> None:
        self.file = Path(file).name
        self.line = line
        self.what = what
        self.mend = mend
        place = f"{self.file}, linje {line}" if line else self.file
        super().__init__(f"{place}: {self.reason}")

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the fields when the error travels between processes."""
        return (_rebuild, (self.file, self.what, self.mend, self.line))

    @property
    def reason(self) -> str:
        """What is wrong and how to mend it, without the file's name."""
        return f"{self.what}. {self.mend}" if self.mend else f"{self.what}."


def _rebuild(file: str, what: str, mend: str, line: int | None) -> InputError:
    return InputError(file, what, mend=mend, line=line)


class InvalidFileError(QualcodeError):
    """A settings file or codebook with one or more faults, each an :class:`InputError` of its own."""

    def __init__(self, problems: Sequence[InputError]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the problems when the error travels between processes."""
        return (InvalidFileError, (self.problems,))


class UsageError(QualcodeError):
    """The command as given cannot do anything (exit code 2)."""


def fault(error: Exception) -> str:
    """Return what a developer needs of an unexpected error and no word of what it was about: kind and place."""
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if _PACKAGE in Path(frame.filename).parents]
    if not ours:
        return type(error).__name__
    place = Path(ours[-1].filename).relative_to(_PACKAGE).as_posix()
    return f"{type(error).__name__} i {place}:{ours[-1].lineno}"


_PACKAGE = Path(__file__).parent
