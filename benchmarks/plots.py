"""The results as pictures, from the documents alone: the same documents, the same bytes."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from math import ceil, floor, log10
from operator import itemgetter
from typing import Final

from matplotlib import rc_context, rcdefaults, rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from benchmarks.document import GrowthResult, Result
from benchmarks.growth import MEGABYTE
from benchmarks.markdown import CALLED, LIBRARY
from benchmarks.report import amount
from benchmarks.workload import OURS

METADATA: Final = {"Date": None, "Creator": None}
BLUE, GREY, DARK = "#2166ac", "#c4c4c4", "#7d7d7d"
MARKERS: Final = "osD^v<>PX*ph"
WIDTH: Final = 10.0
"""Of every picture, in inches."""
COLUMNS: Final = 3
"""Of a legend."""
BAR: Final = 0.27
PANEL: Final = 4.2
LEGEND: Final = 0.2
"""Heights, in inches: of a bar, of a panel of lines, of a line of the legend."""


def pictures(peers: Sequence[Result], growths: Sequence[GrowthResult]) -> dict[str, str]:
    """The text of each file, by its name."""
    drawn: dict[str, str] = {}
    with _plain():
        for section, of_peers in groupby(peers, key=itemgetter("section")):
            drawn[f"peers-{section.lower()}.svg"] = _svg(_bars(list(of_peers)))
        for section, of_growth in groupby(growths, key=itemgetter("section")):
            drawn[f"growth-{section.lower()}.svg"] = _svg(_lines(list(of_growth)))
    return drawn


@contextmanager
def _plain() -> Iterator[None]:
    """How pictures look, whatever someone has configured."""
    with rc_context():
        rcdefaults()
        rcParams.update(
            {
                "svg.fonttype": "none",  # it can be found, and is half as much
                "svg.hashsalt": "everything-is-an-actor",  # names of what is drawn are not random
                "font.family": "DejaVu Sans",  # comes with the library: the same widths everywhere
                "font.size": 9,
                "axes.spines.top": False,
                "axes.spines.right": False,
                "axes.axisbelow": True,
                "axes.grid": True,
                "grid.color": "#e4e4e4",
                "grid.linewidth": 0.6,
            }
        )
        yield


def _svg(figure: Figure) -> str:
    file = io.StringIO()
    figure.savefig(file, format="svg", metadata=METADATA)
    return file.getvalue()


def _bars(results: Sequence[Result]) -> Figure:
    """A panel for each workload, a bar for each side, the quickest first."""
    rows = (len(results) + 1) // 2
    most = max(len(each["sides"]) for each in results)
    figure = Figure(figsize=(WIDTH, rows * (BAR * most + 0.9)), layout="constrained")
    panels = list(figure.subplots(rows, 2, squeeze=False).flat)
    for panel, result in zip(panels, results, strict=False):
        _bars_of(panel, result)
    for unused in panels[len(results) :]:
        unused.set_axis_off()
    return figure


def _bars_of(panel: Axes, result: Result) -> None:
    unit = result["unit"]
    taken = sorted(result["sides"], key=lambda side: result["sides"][side]["median"], reverse=True)
    medians = [result["sides"][side]["median"] for side in taken]
    bars = panel.barh([_named(side) for side in taken], medians, color=[*map(_colour, taken)])
    panel.bar_label(bars, [amount(median, unit) for median in medians], padding=3, fontsize=8)
    panel.set_xscale("log")
    least, most = min(medians), max(medians)
    panel.set_xlim(least / 2, most * (most / least) ** 0.3)  # with room for the longest label
    panel.xaxis.set_major_formatter(FuncFormatter(_plainly))
    panel.grid(visible=False, axis="y")
    panel.tick_params(axis="x", labelsize=7)
    panel.tick_params(axis="y", length=0)
    panel.set_title(result["workload"], loc="left", fontweight="bold", fontsize=9)
    panel.set_xlabel(f"{unit} per {result['per']}, log scale")


def _named(side: str) -> str:
    return CALLED.get(side, side).replace(LIBRARY, OURS).replace("_", " ")


def _colour(side: str) -> str:
    return BLUE if side.startswith(OURS) else DARK if side in CALLED else GREY


def _lines(all_results: Sequence[GrowthResult]) -> Figure:
    """The cost of one operation on the left, the most memory on the right, against the size."""
    results = [result for result in all_results if result["unit"] == "µs"]
    rows = -(-len(results) // COLUMNS)
    figure = Figure(figsize=(WIDTH, PANEL + LEGEND * (rows + 1)), layout="constrained")
    costs, memory = figure.subplots(1, 2)
    for i, result in enumerate(results):
        sizes = [at["size"] for at in result["sizes"]]
        medians = [at["median"] for at in result["sizes"]]
        peaks = [at["peak_bytes"] / MEGABYTE for at in result["sizes"]]
        style = {"color": f"C{i % 10}", "marker": MARKERS[i % len(MARKERS)], "markersize": 4}
        label = f"{result['workload'].format(size='N')}, per {result['per']}"
        costs.plot(sizes, medians, label=label, linewidth=1.2, **style)
        memory.plot(sizes, peaks, linewidth=1.2, **style)
    for panel, title, unit in (
        (costs, "cost of one operation", "µs"),
        (memory, "peak memory of the process", "MB"),
    ):
        panel.set_title(title, loc="left", fontweight="bold", fontsize=9)
        panel.set_ylabel(f"{unit}, log scale")
        panel.set_xlabel("size N, log scale")
        panel.set_xscale("log")
        panel.set_yscale("log")
        least, most = panel.get_ylim()
        panel.set_ylim(10 ** floor(log10(least)), 10 ** ceil(log10(most)))  # of whole decades
        for axis in (panel.xaxis, panel.yaxis):
            axis.set_major_formatter(FuncFormatter(_plainly))
        panel.yaxis.set_minor_formatter(FuncFormatter(_at_2_and_5))
        panel.tick_params(labelsize=8, which="both")
    figure.legend(loc="outside lower left", ncols=COLUMNS, frameon=False, fontsize=8)
    return figure


def _at_2_and_5(x: float, _: object) -> str:
    return _plainly(x) if f"{x:e}"[0] in "25" else ""


def _plainly(x: float, _: object = None) -> str:
    return f"{x:,.0f}" if x >= 1 else f"{x:g}"
