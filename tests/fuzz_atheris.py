"""Coverage-guided fuzzing of the readers: ``python -m tests.fuzz_atheris "read a.docx" -max_total_time=600``.

Needs ``pip install atheris`` (Linux and macOS; not among the developers' requirements, as it has no wheel for newer
Pythons). Without a name it lists the targets. What it finds becomes a test beside the reader's others.
"""

import sys

import atheris

with atheris.instrument_imports(include=["qualcode"]):
    from tests.fuzzing import PIECES, Edit, attempt, damaged, targets


def main() -> None:
    """Fuzz one target."""
    if len(sys.argv) < 2 or sys.argv[1] not in targets():
        raise SystemExit("\n".join(sorted(targets())))
    target = targets()[sys.argv.pop(1)]

    def one(noise: bytes) -> None:
        luck = atheris.FuzzedDataProvider(noise)
        member = luck.ConsumeIntInRange(-1, 20)
        edits = [
            Edit(
                luck.ConsumeProbability(),
                luck.ConsumeIntInRange(0, 60),
                luck.PickValueInList(list(PIECES)) if luck.ConsumeBool() else luck.ConsumeBytes(8),
            )
            for _ in range(luck.ConsumeIntInRange(1, 6))
        ]
        attempt(target, damaged(target.valid, edits, None if member < 0 else member))

    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
