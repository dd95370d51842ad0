"""The chapter on waves: which themes grow or fade, and among whom."""

from collections.abc import Iterator, Sequence

from qualcode.analysis.suppression import HIDDEN, Count
from qualcode.reporting.blocks import Block, Bullets, Figure, Heading, Row, Run, Table, plain
from qualcode.reporting.danish import counted, in_letters, joined, lower_first, number, upper_first
from qualcode.reporting.layout_across import Numbering, hidden_note, shade, too_few
from qualcode.reporting.pictures import Slopes
from qualcode.reporting.values_analyses import Waves, WaveTheme

# As many lines as a figure can show and themes that are parted by group: those that change most.
DRAWN = 8
# The least change that is drawn or parted, in shares.
LEAST = 0.1


def waves_chapter(waves: Waves, numbering: Numbering, small_cell: int) -> Iterator[Block]:
    """Yield the chapter."""
    names = [wave.name for wave in waves.waves]
    yield Heading(1, "Fra bølge til bølge", "boelger", new_page=True)
    yield plain(
        f"Interviewene er foretaget i {in_letters(len(names))} bølger: {joined([f'»{name}«' for name in names])}. Kapitlet "
        "viser, hvilke temaer der fylder mere eller mindre undervejs. Det er andelen af bølgens interviewpersoner, der "
        "tæller, og det er ikke nødvendigvis de samme personer, der taler hver gang: En ændring kan komme af, at andre er "
        "spurgt."
    )
    if waves.without.people:
        told = counted(waves.without.people, "interviewperson", "interviewpersoner")
        yield plain(f"{upper_first(told)} hører ikke til nogen bølge og indgår ikke her.")
    elif waves.without.hidden:
        yield plain("Enkelte interviewpersoner hører ikke til nogen bølge og indgår ikke her.")
    if not any(count.people for theme in waves.themes for count in theme.counts):
        yield too_few(small_cell)
        return
    yield _table(waves, numbering, small_cell)
    moved = _moved(waves)
    if moved:
        yield _figure(waves, moved, numbering, small_cell)
    yield from _told(waves)
    parted = [theme for theme in moved if theme.by_group]
    if parted:
        yield Heading(2, "Hos hvem", "boelger-hvem")
        yield from _among(parted)
        yield _groups(waves, parted, numbering, small_cell)


def waves_finding(waves: Waves) -> str:
    """Return a sentence on the change that the numbers bear, or on the largest; empty where all are hidden."""
    if waves.sentences:
        return waves.sentences[0]
    moved = [theme for theme in waves.themes if theme.change]
    if not moved:
        return ""
    most = max(moved, key=lambda theme: abs(theme.change or 0))
    first, last = most.counts[0], most.counts[-1]
    verb = "vokser" if (most.change or 0) > 0 else "svinder"
    return (
        f"{upper_first(lower_first(most.name))} {verb} mest, fra {first.people} af {first.of} i bølgen »{waves.waves[0].name}« til "
        f"{last.people} af {last.of} i bølgen »{waves.waves[-1].name}«; med så få interviewpersoner kan det være tilfældigt."
    )


def _head(waves: Waves) -> tuple[str, ...]:
    return tuple(f"{upper_first(wave.name)} (af {wave.size.cell})" for wave in waves.waves)


def _shaded(counts: Sequence[Count]) -> tuple[int, ...]:
    return tuple(shade(count) for count in counts)


def _points(change: float) -> str:
    """Return a change of shares in percentage points.

    >>> _points(0.25), _points(-0.1), _points(0)
    ('+25', '−10', '0')
    """
    points = round(100 * change)
    return f"+{points}" if points > 0 else f"−{-points}" if points < 0 else "0"


def _table(waves: Waves, numbering: Numbering, small_cell: int) -> Table:
    return Table(
        anchor="tabel-boelger",
        number=numbering.table(),
        title="Interviewpersoner, der taler om hvert tema, bølge for bølge",
        head=("Tema", *_head(waves), "Ændring"),
        rows=tuple(
            Row(
                (
                    theme.name,
                    *(count.cell for count in theme.counts),
                    HIDDEN if theme.change is None else _points(theme.change),
                ),
                (*_shaded(theme.counts), 0),
                theme.anchor,
            )
            for theme in waves.themes
        ),
        note="Ændring: fra første til sidste bølge, i procentpoint af bølgens interviewpersoner. Jo mørkere felt, jo større "
        f"andel.{hidden_note(small_cell)}",
        widths=(2.2, *([1.0] * (len(waves.waves) + 1))),
    )


def _moved(waves: Waves) -> list[WaveTheme]:
    """Return the themes that change enough to be drawn, in the order of the report."""
    changed = [theme for theme in waves.themes if theme.change is not None and abs(theme.change) >= LEAST]
    most = sorted(changed, key=lambda theme: -abs(theme.change or 0))[:DRAWN]
    return [theme for theme in waves.themes if theme in most]


def _figure(waves: Waves, moved: Sequence[WaveTheme], numbering: Numbering, small_cell: int) -> Figure:
    sized = [not wave.size.hidden and wave.size.people != 0 for wave in waves.waves]
    lines = tuple(
        (
            theme.name,
            tuple(
                count.share if known and not count.hidden else None
                for count, known in zip(theme.counts, sized, strict=True)
            ),
        )
        for theme in moved
    )
    told = []
    for theme in moved:
        shown = [
            f"»{wave.name}« {count.people} af {wave.size.people}"
            for wave, count in zip(waves.waves, theme.counts, strict=True)
            if not count.hidden and not wave.size.hidden
        ]
        told.append(f"{theme.name}: {', '.join(shown)}.")
    return Figure(
        anchor="figur-boelger",
        number=numbering.figure(),
        title="Temaer, der vokser eller svinder fra første til sidste bølge",
        note=f"Andel af bølgens interviewpersoner. Vist er de temaer, der flytter sig mindst {round(100 * LEAST)} procentpoint, "
        f"højst {in_letters(DRAWN)}; mørkeblå vokser, rødbrun svinder. Bølgerne er små, så én person flytter meget."
        + (" Hvor et tal er skjult, springer linjen over." if small_cell > 1 else ""),
        alt=" ".join(told),
        picture=Slopes(tuple(wave.name for wave in waves.waves), lines),
    )


def _told(waves: Waves) -> Iterator[Block]:
    rule = (
        "En ændring fra første til sidste bølge fremhæves kun, når 95 %-intervallet for den (Newcombe 1998, rettet for antallet "
        "af temaer) ikke rummer nul."
    )
    if waves.sentences:
        told = "ændring" if len(waves.sentences) == 1 else "ændringer"
        yield plain(f"{rule} Det gælder {in_letters(len(waves.sentences))} {told}:")
        yield Bullets(tuple((Run(sentence),) for sentence in waves.sentences))
    elif any(theme.change is not None for theme in waves.themes):
        yield plain(f"{rule} Ingen af ændringerne er store nok til det; de bør læses som tendenser.")
    else:
        yield plain("Første og sidste bølge er for små til, at nogen ændring kan vises.")


def _among(parted: Sequence[WaveTheme]) -> Iterator[Block]:
    """Yield who a theme grows or fades with, from the numbers that are shown."""
    items = []
    for theme in parted:
        moves = [
            (last.share - first.share, f"{name} (fra {first.people} af {first.of} til {last.people} af {last.of})")
            for name, counts in theme.by_group
            for first, last in [(counts[0], counts[-1])]
            if first.people is not None and last.people is not None and first.of and last.of
        ]
        grows = (theme.change or 0) > 0
        with_it = [told for change, told in sorted(moves, reverse=grows) if (change > 0) == grows and change]
        if with_it:
            verb = "vokser" if grows else "svinder"
            items.append(
                (Run(f"{upper_first(lower_first(theme.name))} ", bold=True), Run(f"{verb} hos {joined(with_it)}."))
            )
    if items:
        yield Bullets(tuple(items))


def _groups(waves: Waves, parted: Sequence[WaveTheme], numbering: Numbering, small_cell: int) -> Table:
    rows = [
        Row(
            (
                f"{theme.name}: {name}",
                *(f"{count.cell} af {number(count.of)}" if count.of else "–" for count in counts),
            ),
            _shaded(counts),
            theme.anchor,
        )
        for theme in parted
        for name, counts in theme.by_group
    ]
    return Table(
        anchor="tabel-boelger-niveauer",
        number=numbering.table(),
        title="De temaer, der flytter sig mest, efter niveau og bølge",
        head=("Tema og niveau", *(upper_first(wave.name) for wave in waves.waves)),
        rows=tuple(rows),
        note="Niveauer, som en bølge har få af, er lagt sammen under »øvrige«. –: Ingen interviewpersoner."
        + hidden_note(small_cell),
        widths=(2.6, *([1.0] * len(waves.waves))),
    )
