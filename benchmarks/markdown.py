"""The results as tables of Markdown, from the documents alone."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from benchmarks.document import Document, GrowthResult, Result, SideResult
from benchmarks.growth import MEGABYTE
from benchmarks.peers import LOOP, ON_ANOTHER_LOOP, PLAIN
from benchmarks.report import amount, figures, times
from benchmarks.workload import FLOOR, OURS

LIBRARY = "everything-is-an-actor"
CALLED = {
    OURS: LIBRARY,
    ON_ANOTHER_LOOP: f"{LIBRARY} on {LOOP}",
    FLOOR: "floor",
    **{side: f"plain {side}" for side in PLAIN},
}
"""The sides that are no peers, in the order in which they are shown."""


def conditions[R](*documents: Document[R]) -> str:
    """What the figures of some runs depend on."""
    return "\n".join(f"- {_conditions(document)}" for document in documents)


def _conditions[R](of: Document[R]) -> str:
    machine = of["machine"]
    python = f"{machine['implementation']} {machine['python']}"
    where = f"{machine['system']} {machine['machine']}, {machine['cpus']} CPUs"
    processor = machine["processor"] or "processor unknown"
    measured = f"commit {of['commit']}, medians of {of['rounds']} rounds"
    return f"`{of['command']}`: {python}, {where} ({processor}), {measured}"


def verdict(results: Sequence[Result]) -> str:
    """How many bounds are kept, and which are not."""
    broken = [
        f"{each['workload']}: takes {_seen(each)}, and not {' nor '.join(bounds)}"
        for each in results
        if (bounds := [bound for bound, is_kept in each["reach"].items() if not is_kept])
    ]
    return _told("bounds are kept", _reached(results), broken)


def _reached(results: Sequence[Result]) -> list[bool]:
    return [is_kept for each in results for is_kept in each["reach"].values()]


def ahead(results: Sequence[Result]) -> str:
    """Of how many peers ours is as far ahead as it is to be, and of which it is not."""
    broken = [
        f"{peer}, {each['workload']}: ours is {_times(each['sides'][peer]['ours_is'])}, "
        f"and not ≤ {_times(bound['at_most'])}"
        for each in results
        for peer, bound in each["ahead"].items()
        if not bound["is_kept"]
    ]
    return _told("bounds are kept", _led(results), broken)


def _led(results: Sequence[Result]) -> list[bool]:
    return [bound["is_kept"] for each in results for bound in each["ahead"].values()]


def linear(results: Sequence[GrowthResult]) -> str:
    """How many costs stay as they are at the middle size, and which do not."""
    broken = [
        f"{_over(each)}: {_times(each['ratio'])}, and not ≤ {each['at_most']:g}x{_of_floor(each)}"
        for each in results
        if not each["is_linear"]
    ]
    marks = [each["is_linear"] for each in results]
    return _told("costs grow no more than in proportion", marks, broken)


def _of_floor(of: GrowthResult) -> str:
    return f"; the floor {_times(of['floor_ratio'])}" if of["floor_ratio"] else ""


def _over(of: GrowthResult) -> str:
    return of["workload"].format(size="N")


def _told(what: str, marks: Sequence[bool], broken: Sequence[str]) -> str:
    told = f"{sum(marks)} of {len(marks)} {what}."
    return "\n".join([f"{told} Not so:", "", *(f"- {each}" for each in broken)]) if broken else told


def _seen(of: Result) -> str:
    ours = of["sides"][OURS]
    is_, beside = amount(ours["median"], of["unit"]), of["sides"].get(of["against"])
    return is_ if beside is None else f"{is_}, {_times(beside['ours_is'])}"


def own(results: Sequence[Result]) -> str:
    """One row for each workload, in a table for each section."""
    return _in_sections(results, _own)


def _own(results: Iterable[Result]) -> str:
    rows = [["workload", "ours", "beside", "which is", "ratio", "spread", "reach"]]
    for each in results:
        ours, beside = each["sides"][OURS], each["sides"].get(each["against"])
        rows.append(
            [
                f"{each['workload']}, per {each['per']}",
                amount(ours["median"], each["unit"]),
                *(_beside(beside, each["unit"]) if beside else [""] * 4),
                " ".join(f"{_mark(kept)} {bound}" for bound, kept in each["reach"].items()),
            ]
        )
    return _table(rows, "lrrlrrl")


def _beside(side: SideResult, unit: str) -> list[str]:
    spread = "–".join(map(figures, side["spread"]))
    return [amount(side["median"], unit), side["what"], _times(side["ours_is"]), spread]


def peers(results: Sequence[Result]) -> str:
    """One row for each side, one column for each workload, in a table for each section."""
    return _in_sections(results, _peers)


def _peers(results: Iterable[Result]) -> str:
    columns = list(results)
    titles = [f"{each['workload']}, per {each['per']}" for each in columns]
    rows = [["", *titles]]
    for side in _sides(columns):
        cells = [_cell(side, each) for each in columns]
        rows.append([_named(side, columns), *cells])
    return _table(rows, "l" + "r" * len(columns))


def _sides(results: Sequence[Result]) -> Iterator[str]:
    """All, also those that have failed everywhere: ours first, then those that are no peers."""
    there = {side for each in results for side in (*each["sides"], *each["failures"])}
    yield from (side for side in CALLED if side in there)
    yield from sorted(there - CALLED.keys())


def _named(side: str, results: Sequence[Result]) -> str:
    if side in CALLED and side != OURS:
        return CALLED[side]
    versions = {each["sides"][side]["version"] for each in results if side in each["sides"]}
    name = " ".join([CALLED.get(side, side), *sorted(filter(None, versions))])
    return f"**{name}**" if side == OURS else name


def _cell(side: str, of: Result) -> str:
    if side not in of["sides"]:
        return "failed" if side in of["failures"] else ""
    result = of["sides"][side]
    took = amount(result["median"], of["unit"])
    if side == OURS:
        return f"**{took}**"
    if not result["ours_is"]:
        return took
    text = f"{took} ({_many(1 / result['ours_is'])})"
    ahead = of["ahead"].get(side)
    if ahead is None:
        return text
    is_ahead = "" if result["ours_is"] <= 1 else " **ahead**"
    return f"{text} {_mark(ahead['is_kept'])}{is_ahead}"


def brief(alone: Sequence[Result], beside: Sequence[Result]) -> str:
    """One row for each workload that peers do as well, with the nearest of them."""
    rows = [["", "this library", "plain asyncio", "the nearest of the others"]]
    for each in beside:
        took = {side: result["median"] for side, result in each["sides"].items()}
        ours, floor = (amount(took[side], each["unit"]) for side in (OURS, FLOOR))
        nearest = min(each["ahead"], key=took.__getitem__)
        its = amount(took[nearest], each["unit"])
        times = _many(took[nearest] / took[OURS])
        other = f"{_named(nearest, [each])}: {its} ({times})"
        rows.append([f"{each['workload']}, per {each['per']}", f"**{ours}**", floor, other])
    kept, led = _reached(alone), _led(beside)
    told = (
        f"Of the {len(kept)} bounds that are set beforehand on what it takes, most of them beside "
        f"plain asyncio, {sum(kept)} are kept; of the {len(led)} beside the others, {sum(led)}."
    )
    return f"{_table(rows, 'lrrl')}\n\n{told}"


def exchange(results: Sequence[Result]) -> str:
    """What each peer gives for what it takes, in the words of its sides."""
    rows = [["", "what it is, and gives in exchange"]]
    for peer in _sides(results):
        there = [each for each in results if peer in each["sides"]]
        if peer not in CALLED and there:
            rows.append([_named(peer, results), _said(peer, there)])
    failures = [
        f"- failed: {side}, {each['workload']}: {_escaped(reason)}"
        for each in results
        for side, reason in each["failures"].items()
    ]
    return "\n\n".join([_table(rows, "ll"), *(["\n".join(failures)] if failures else [])])


def _said(peer: str, results: Sequence[Result]) -> str:
    """What it says everywhere, or else where it says what."""
    where: dict[str, list[str]] = {}
    for each in results:
        where.setdefault(each["sides"][peer]["what"], []).append(each["workload"])
    if len(where) == 1:
        return "".join(where)
    return "<br>".join(f"{'; '.join(titles)}: {what}" for what, titles in where.items())


def growth(results: Sequence[GrowthResult]) -> str:
    """One row for each workload, in a table for each section."""
    return _in_sections(results, _growth)


def _growth(results: Iterable[GrowthResult]) -> str:
    rows = [
        ["workload", "sizes", "least", "middle", "greatest", "to middle", "reach", "floor", "peak"]
    ]
    for each in results:
        sizes = each["sizes"]
        least, middle, greatest = sizes[0], sizes[(len(sizes) - 1) // 2], sizes[-1]
        rows.append(
            [
                f"{_over(each)}, per {each['per']}",
                f"{least['size']:,}–{greatest['size']:,}",
                *(amount(at["median"], each["unit"]) for at in (least, middle, greatest)),
                _times(each["ratio"]),
                f"{_mark(each['is_linear'])} ≤ {each['at_most']:g}x",
                _times(each["floor_ratio"]),
                f"{greatest['peak_bytes'] / MEGABYTE:,.0f} MB",
            ]
        )
    return _table(rows, "llrrrrlrr")


def _in_sections[R: (Result, GrowthResult)](
    results: Sequence[R], table: Callable[[Iterable[R]], str]
) -> str:
    sections = groupby(results, key=itemgetter("section"))
    return "\n\n".join(f"### {section}\n\n{table(each)}" for section, each in sections)


def _table(rows: Sequence[Sequence[str]], sides: str) -> str:
    """Of a first row of titles; each column is flush with its left or its right."""
    first, *others = ["| " + " | ".join(map(_escaped, row)) + " |" for row in rows]
    line = "|" + "|".join("--:" if side == "r" else "---" for side in sides) + "|"
    return "\n".join([first, line, *others])


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")


def _times(ratio: float | None) -> str:
    return "" if ratio is None else times(ratio)


def _many(times: float) -> str:
    """How many times ours: of two figures, or whole."""
    return f"{times:,.0f}x" if times >= 10 else f"{times:.2g}x"


def _mark(is_kept: bool) -> str:
    return "✓" if is_kept else "✗"
