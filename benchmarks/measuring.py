"""Measuring engines side by side: interleaved repetitions, medians, ratios, and whether all did the same work."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.cases import Case, Length
from benchmarks.outcome import Engine, EngineError, Outcome

LOTS_WITHIN = 0.05
"""How far the number of lots that left may differ from Renkei's, relatively, where an engine has rules of its own."""
Told = Callable[[str], None]


@dataclass(frozen=True)
class Measured:
    """One engine on one case; `ratio` (median, least, most) compares its times with those of the first engine."""

    case: str
    title: str
    engine: str
    skipped: str | None = None
    lot_steps: int | None = None
    seconds: tuple[float, ...] = ()
    lot_steps_per_second: float | None = None
    ratio: tuple[float, float, float] | None = None
    wait_differs: float | None = None
    """Relative difference of the mean wait from the first engine's, of the stream where it is largest."""
    faults: tuple[str, ...] = ()
    """What shows that it did other work than it must."""


def interleaved(runs: Sequence[Callable[[int], Outcome]], repeat: int) -> list[list[Outcome]]:
    """Return the outcomes of each run, taken in turn A B C A B C …, so that a machine's slow spells meet all alike."""
    found: list[list[Outcome]] = [[] for _ in runs]
    for number in range(repeat):
        for run, own in zip(runs, found, strict=True):
            own.append(run(number))
    return found


def ratio(seconds: Sequence[float], first: Sequence[float]) -> tuple[float, float, float]:
    """Return the ratio of the medians, and the least and the most of the ratios of the repetitions."""
    pairs = [one / other for one, other in zip(seconds, first, strict=True)]
    return statistics.median(seconds) / statistics.median(first), min(pairs), max(pairs)


def measure(case: Case, length: Length, engines: Iterable[Engine], repeat: int, tell: Told) -> list[Measured]:
    """Run a case on all engines that can; the first engine is what the others are compared with."""
    title = f"{case.title}, {length.label}"
    skipped, able = [], []
    for engine in engines:
        why = engine.absent() or engine.unfit(case) or _stumbles(engine, case)
        if why is None:
            able.append(engine)
        else:
            skipped.append(Measured(case.name, title, engine.name, skipped=why))
    if not able:
        return skipped
    tell(f"{title}: {', '.join(engine.name for engine in able)}")
    runs = interleaved([_seeded(engine, case, length) for engine in able], repeat)
    rows = [_row(case, length, engine, own, runs[0]) for engine, own in zip(able, runs, strict=True)]
    return rows + skipped


def _stumbles(engine: Engine, case: Case) -> str | None:
    """Run the shortest form untimed, which compiles and loads what is needed; return why it failed, if it did."""
    try:
        engine.run(case, case.smoke, 0)
    except EngineError as error:
        return str(error)
    return None


def _seeded(engine: Engine, case: Case, length: Length) -> Callable[[int], Outcome]:
    return lambda number: engine.run(case, length, number)


def _row(case: Case, length: Length, engine: Engine, runs: list[Outcome], first: list[Outcome]) -> Measured:
    seconds = tuple(run.seconds for run in runs)
    counts = [run.lot_steps for run in runs if run.lot_steps is not None]
    speeds = [run.lot_steps / run.seconds for run in runs if run.lot_steps is not None]
    apart = {} if runs is first else _waits_apart(case, runs, first)
    return Measured(
        case=case.name,
        title=f"{case.title}, {length.label}",
        engine=engine.name,
        lot_steps=int(statistics.median(counts)) if counts else None,
        seconds=seconds,
        lot_steps_per_second=statistics.median(speeds) if speeds else None,
        ratio=None if runs is first else ratio(seconds, [run.seconds for run in first]),
        wait_differs=max(apart.values(), key=abs) if apart else None,
        faults=(
            *_too_much_or_little(length, counts),
            *_lots_apart(runs, first),
            *_too_far(case, length, apart, len(runs)),
        ),
    )


def _too_much_or_little(length: Length, counts: Iterable[int]) -> list[str]:
    least, most = length.lot_steps
    return [f"did {count:,} lot-steps, not {least:,} to {most:,}" for count in counts if not least <= count <= most]


def _lots_apart(runs: list[Outcome], first: list[Outcome]) -> list[str]:
    """Compare the lots that left, where there is nothing else to compare."""
    return [
        f"{own.lots:,} lots left, Renkei's were {other.lots:,}"
        for own, other in zip(runs, first, strict=True)
        if own.lot_steps is None and own.lots is not None and other.lots
        and abs(own.lots / other.lots - 1) > LOTS_WITHIN
    ]  # fmt: skip


def _waits_apart(case: Case, runs: list[Outcome], first: list[Outcome]) -> dict[str, float]:
    """Relative differences of mean waits by stream: time in the fab less the mean service."""
    if case.network is None:
        return {}
    raw = case.network.raw
    return {
        stream: _mean(stream, runs, raw) / _mean(stream, first, raw) - 1
        for stream in case.network.streams
        if all(stream in run.time_in_fab for run in (*runs, *first))
    }


def _mean(stream: str, runs: list[Outcome], raw: float) -> float:
    return statistics.mean(run.time_in_fab[stream] for run in runs) - raw


def _too_far(case: Case, length: Length, apart: Mapping[str, float], runs: int) -> list[str]:
    if case.network is None:
        return []
    return [
        f"mean wait of {stream} differs by {100 * difference:+.1f} %, more than luck explains ({100 * limit:.1f} %)"
        for stream, difference in apart.items()
        if abs(difference) > (limit := case.network.tolerance(stream, length.days, runs))
    ]
