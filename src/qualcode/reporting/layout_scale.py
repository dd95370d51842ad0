"""The chapter on a scale: passages on ordered steps."""

from collections.abc import Iterator, Sequence

from qualcode.analysis.suppression import HIDDEN
from qualcode.reporting.blocks import Block, Bullets, Figure, Heading, Row, Run, Table, plain
from qualcode.reporting.danish import counted, how_many, in_letters, lower_first, number, percent, upper_first
from qualcode.reporting.layout_across import Numbering, hidden_note, shade
from qualcode.reporting.pictures import Stairs
from qualcode.reporting.values_analyses import Scale, Split


def scale_chapter(scale: Scale, numbering: Numbering, small_cell: int) -> Iterator[Block]:
    """Yield the chapter."""
    yield Heading(1, f"Trin for trin: {lower_first(scale.name)}", "trin", new_page=True)
    if scale.all.whole.people == 0:
        yield plain("Ingen passager er placeret på et trin.")
        return
    yield plain(
        f"Passagerne er placeret på {in_letters(len(scale.steps))} trin, som har en rækkefølge. Det midterste trin "
        "(medianen) er det laveste, som mindst halvdelen af passagerne ligger på eller under. Afstanden mellem trinene "
        "siges der ikke noget om, og derfor regnes der ikke gennemsnit."
    )
    yield Bullets(tuple((Run(f"{name}. ", bold=True), Run(gist)) for name, gist in scale.steps), ordered=True)
    yield from _told(scale)
    yield _distribution(scale, numbering, small_cell)
    for name, splits in (("niveau", scale.by_group), ("bølge", scale.by_wave)):
        if splits:
            yield Heading(2, f"Trin efter {name}", f"trin-{'niveau' if splits is scale.by_group else 'boelge'}")
            yield _table(scale, splits, name, numbering, small_cell)
            yield _figure(scale, splits, name, numbering, small_cell)
    if not scale.by_group and not scale.by_wave:
        yield _figure(scale, (), "", numbering, small_cell)


def scale_finding(scale: Scale) -> str:
    """Return a sentence on the step where most people are and on the middle step; empty where they are hidden."""
    shown = [(count.people, place) for place, count in enumerate(scale.all.counts) if count.people]
    if not shown or scale.all.median is None:
        return ""
    people, place = max(shown)
    of = counted(scale.all.whole.of, "interviewperson", "interviewpersoner")
    return (
        f"Flest har passager på trinet »{scale.steps[place][0]}« ({people} af {of}), og det midterste trin er "
        f"»{scale.steps[scale.all.median][0]}«."
    )


def _told(scale: Scale) -> Iterator[Block]:
    told = []
    if scale.all.whole.people:
        who = how_many(scale.all.whole.people, scale.all.whole.of)
        told.append(f"{upper_first(who)} har mindst én passage på et af trinene.")
    else:
        told.append(f"{upper_first(scale.all.whole.phrase)} interviewpersoner har en passage på et af trinene.")
    if scale.all.median is not None:
        told.append(f"Det midterste trin er »{scale.steps[scale.all.median][0]}«.")
    medians = {split.column.name: split.median for split in scale.by_group if split.median is not None}
    if len(set(medians.values())) > 1:
        high, low = max(medians.values()), min(medians.values())
        most = [name for name, place in medians.items() if place == high]
        least = [name for name, place in medians.items() if place == low]
        told.append(
            f"Det ligger højest hos {_and(most)} (»{scale.steps[high][0]}«) og lavest hos {_and(least)} "
            f"(»{scale.steps[low][0]}«)."
        )
    yield plain(" ".join(told))


def _and(names: Sequence[str]) -> str:
    return " og ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]


def _distribution(scale: Scale, numbering: Numbering, small_cell: int) -> Table:
    open_ = [passages for passages in scale.passages if passages is not None]
    everything = sum(open_) if len(open_) == len(scale.passages) else None
    rows = []
    for (name, _), count, passages in reversed(list(zip(scale.steps, scale.all.counts, scale.passages, strict=True))):
        share = HIDDEN if everything is None or passages is None else percent(passages, everything)
        rows.append(
            Row((name, count.cell, HIDDEN if passages is None else number(passages), share), (shade(count), 0, 0))
        )
    return Table(
        anchor="tabel-trin",
        number=numbering.table(),
        title="Interviewpersoner og passager på hvert trin",
        head=("Trin", f"Interviewpersoner (af {scale.all.column.size.cell})", "Passager", "Andel af passagerne"),
        rows=tuple(rows),
        note="Det højeste trin står øverst. Den samme person kan have passager på flere trin. Andelen vises kun, når intet "
        f"trin er skjult.{hidden_note(small_cell)}",
        widths=(2.2, 1, 1, 1),
    )


def _table(scale: Scale, splits: Sequence[Split], name: str, numbering: Numbering, small_cell: int) -> Table:
    rows = [
        Row(
            (step, *(split.counts[place].cell for split in splits)),
            tuple(shade(split.counts[place]) for split in splits),
        )
        for place, (step, _) in reversed(list(enumerate(scale.steps)))
    ]
    rows.append(Row(("Mindst ét trin", *(split.whole.cell for split in splits))))
    rows.append(
        Row(("Midterste trin", *(HIDDEN if split.median is None else scale.steps[split.median][0] for split in splits)))
    )
    return Table(
        anchor=f"tabel-trin-{'niveau' if name == 'niveau' else 'boelge'}",
        number=numbering.table(),
        title=f"Interviewpersoner på hvert trin efter {name}",
        head=("Trin", *(f"{upper_first(split.column.name)} (af {split.column.size.cell})" for split in splits)),
        rows=tuple(rows),
        note=f"Det midterste trin er regnet på gruppens passager.{hidden_note(small_cell)}",
        widths=(2.0, *([1.0] * len(splits))),
    )


def _figure(scale: Scale, splits: Sequence[Split], name: str, numbering: Numbering, small_cell: int) -> Figure:
    columns = (scale.all, *splits)
    told = []
    for split in columns:
        # A share, or "af", would tell the size of a group that is itself hidden.
        shown = [
            f"»{step}« {count.people}"
            for (step, _), count in zip(scale.steps, split.counts, strict=True)
            if not count.hidden
        ]
        size = "" if split.column.size.hidden else f" ({counted(split.column.size.people or 0, 'person', 'personer')})"
        median = "" if split.median is None else f"; midterste trin »{scale.steps[split.median][0]}«"
        told.append(f"{upper_first(split.column.name)}{size}: {', '.join(shown) or 'antal skjult'}{median}.")
    return Figure(
        anchor=f"figur-trin{'' if not name else '-niveau' if name == 'niveau' else '-boelge'}",
        number=numbering.figure(),
        title=f"Trinene{f' efter {name}' if name else ''}",
        note="Søjlens længde er andelen af gruppens interviewpersoner med en passage på trinet. ◂ viser det midterste trin."
        + hidden_note(small_cell),
        alt=" ".join(told),
        picture=Stairs(
            steps=tuple(step for step, _ in scale.steps),
            groups=tuple(split.column.name for split in columns),
            shares=tuple(
                tuple(
                    None
                    if count.hidden or split.column.size.hidden
                    else (count.people or 0) / (split.column.size.people or 1)
                    for count in split.counts
                )
                for split in columns
            ),
            labels=tuple(tuple(count.cell for count in split.counts) for split in columns),
            medians=tuple(split.median for split in columns),
        ),
    )
