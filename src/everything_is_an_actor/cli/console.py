"""Where lines with style go: to a terminal with colours, to anything else without."""

from collections.abc import Iterable
from typing import override

from rich.console import Console
from rich.text import Text

from everything_is_an_actor.cli.calltree import Run
from everything_is_an_actor.cli.chart import chart


class LineConsole(Console):
    """Leaves it to its user what a reader that has gone away means: raises `BrokenPipeError`."""

    @override
    def on_broken_pipe(self) -> None:
        raise BrokenPipeError

    def put(self, text: Text | str = "") -> None:
        """One line as it is: not wrapped, no markup."""
        self.print(text, markup=False, highlight=False, soft_wrap=True)

    def charts(self, runs: Iterable[Run], *, title: str = "") -> None:
        """A chart of every run, one below the other, as wide as the terminal."""
        for place, run in enumerate(runs):
            if place:
                self.put()
            ascii_only = self.options.ascii_only
            for line in chart(run, self.width, title=title, ascii_only=ascii_only):
                self.put(line)
