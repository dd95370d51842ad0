"""An interview as plain data, for ``qualcode ingest --json``."""

from dataclasses import asdict

from qualcode.ingest.read import Reading


def as_record(reading: Reading) -> dict[str, object]:
    """Return what was understood of a transcript, the words included."""
    interview = reading.interview
    turns = []
    for turn in interview.turns:
        informant = None if turn.interviewer else interview.informant(turn.speaker)
        turns.append(
            {
                "turn": turn.number,
                "speaker": turn.speaker,
                "interviewer": turn.interviewer,
                "role": informant.role if informant else "interviewer",
                "level": informant.level.value if informant else None,
                "time": turn.time,
                "text": interview.quote(turn.start, turn.end),
            }
        )
    return {
        "file": interview.file,
        "interview": interview.id,
        "turns": turns,
        "facts": asdict(interview.facts),
        "interviewers": {"speakers": list(reading.interviewers), "why": reading.why},
        "warnings": list(reading.warnings),
    }
