"""The words around a finding, with every finding in them masked."""

from collections.abc import Sequence

from qualcode.models import Interview
from qualcode.privacy.findings import Finding

_REACH = 40


def masked_context(interview: Interview, finding: Finding, findings: Sequence[Finding]) -> str:
    """Return a finding in its surroundings as one line.

    Args:
        interview: where it stands
        finding: the finding
        findings: all that was found in the interview before anybody decided: what is dismissed is masked, too
    """
    first = max(0, finding.start - _REACH)
    last = min(len(interview.text), finding.end + _REACH)
    pieces: list[str] = []
    position = first
    for other in findings:
        if other.end <= first or other.start >= last:
            continue
        pieces += (interview.text[position : other.start], other.masked)
        position = other.end
    pieces.append(interview.text[position:last])
    line = " ".join("".join(pieces).split())
    return f"{'…' if first else ''}{line}{'…' if last < len(interview.text) else ''}"
