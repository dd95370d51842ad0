"""All codings of the studies in a database, in the order in which a person should look at them."""

from collections.abc import Iterator

from qualcode.errors import UsageError
from qualcode.models import Coding, Interview
from qualcode.store.codings import effective_codings
from qualcode.store.database import Database
from qualcode.store.documents import load_interviews
from qualcode.store.studies import study_names


def all_codings(database: Database, only: str | None = None) -> Iterator[tuple[str, Interview, Coding]]:
    """Yield (study, interview, coding) of every study that has been run, or of one.

    Raises:
        UsageError: the study has not been run with this database.
    """
    with database.read() as session:
        names = study_names(session)
        if only is not None and only not in names:
            raise UsageError(f"Studiet '{only}' er ikke i databasen. Kør 'qualcode run' på det først.")
        for study in [only] if only else names:
            interviews = {interview.id: interview for interview in load_interviews(session, study)}
            for coding in effective_codings(session, study, interviews.values()):
                yield study, interviews[coding.interview], coding


def codings_to_review(database: Database, only: str | None = None) -> list[tuple[Interview, Coding]]:
    """Return the codings of all studies or of one, the least certain first."""
    found = [(interview, coding) for _, interview, coding in all_codings(database, only)]
    return sorted(found, key=lambda pair: (pair[1].score, pair[1].id))
