"""Learn from decisions: what it would change is shown before anything is replaced, and can be taken back.

Beside :mod:`qualcode.jobs`: these are units of work for ``qualcode train`` and the review page.
"""

from collections.abc import Iterator, Set
from dataclasses import dataclass

from qualcode import jobs
from qualcode.coding.changes import Change, changes
from qualcode.coding.coder import Coder
from qualcode.coding.learning import taught_by
from qualcode.coding.model import examples_of
from qualcode.errors import UsageError
from qualcode.evaluation.learned import BeforeAfter, before_and_after
from qualcode.jobs import Job
from qualcode.models import Example, Status
from qualcode.store.codings import effective_codings, suggestions
from qualcode.store.database import Database
from qualcode.store.documents import load_interviews
from qualcode.store.learned import Kept, keep, kept_models
from qualcode.store.learned import restore as make_active
from qualcode.study import Study


@dataclass(frozen=True)
class Lesson:
    """What the decisions on a study teach.

    Attributes:
        examples: the decided passages
        figures: before and after, by interviews left out; None with fewer than two decided interviews
        changes: what the suggestions would become
    """

    examples: tuple[Example, ...]
    figures: BeforeAfter | None
    changes: tuple[Change, ...]


def learn(job: Job) -> Lesson:
    """Return what the decisions teach; stores nothing but the trained model's file.

    Raises:
        UsageError: nothing has been decided.
    """
    study, database, shop = jobs.open_study(job)
    with database.read() as session:
        interviews = {interview.id: interview for interview in load_interviews(session, study.name)}
        codings = list(effective_codings(session, study.name, interviews.values()))
    examples = taught_by(codings, interviews)
    if not examples:
        raise UsageError("Der er ingen afgørelser at lære af. Gennemse forslag med 'qualcode review' først.")
    coder = jobs.workshop_for(job, study, examples).coder()
    figures = before_and_after(shop.codebook, examples_of(shop.codebook), examples, coder.encoder, coder.nlp)
    # What people have decided stands, whatever the coder would say of it.
    decided = frozenset(coding.id for coding in codings if coding.status is not Status.FORESLAAET)
    return Lesson(examples, figures, tuple(_changes(study, database, coder, decided)))


def apply(job: Job, lesson: Lesson, analyst: str) -> int:
    """Keep what was learned, code the interviews anew with it, and return the model's number."""
    study, database, shop = jobs.open_study(job)
    card: dict[str, object] = {"changes": len(lesson.changes)}
    if lesson.figures:
        card |= {"f1_before": str(lesson.figures.before.f1), "f1_after": str(lesson.figures.after.f1)}
    with database.write() as session:
        number = keep(session, study.name, lesson.examples, shop.codebook, analyst, card)
    _code_anew(job)
    return number


def restore(job: Job, number: int) -> int:
    """Make a kept model the active one again, 0 being the codebook alone; return how many interviews were recoded.

    Raises:
        UsageError: no model has that number.
    """
    study, database, _ = jobs.open_study(job)
    with database.write() as session:
        if not make_active(session, study.name, number):
            raise UsageError(f"Model {number} findes ikke. Se dem med 'qualcode train {job.folder} --list'.")
    return _code_anew(job)


def kept(job: Job) -> list[Kept]:
    """Return the cards of the study's models."""
    with job.open_database().read() as session:
        return kept_models(session, job.study().name)


def _changes(study: Study, database: Database, coder: Coder, decided: Set[str]) -> Iterator[Change]:
    with database.read() as session:
        for interview in load_interviews(session, study.name):
            before = suggestions(session, study.name, interview)
            after = coder.code(interview, study.name).codings
            yield from changes(
                interview,
                [coding for coding in before if coding.id not in decided],
                [coding for coding in after if coding.id not in decided],
            )


def _code_anew(job: Job) -> int:
    study, database, shop = jobs.open_study(job)
    to_code = jobs.files_to_code(study, database, shop.coder_digest)
    return jobs.code_documents(study, database, shop.coder(), to_code).documents
