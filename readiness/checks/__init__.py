"""The rules of the data: what `readiness check` and the tests hold against every practice, service, price and scenario.

What can be seen in one file alone is refused by `readiness.catalog` when it is read. Here stand the rules that need
several files, or an assessment of the example clients.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from readiness.catalog import Catalog, data_folder
from readiness.checks import effects, links, numbers, texts
from readiness.checks.facts import facts, newest_date
from readiness.errors import DataError

Rule = Callable[[Catalog], object]
RULES = {**links.RULES, **numbers.RULES, **texts.RULES}
EFFECTS = effects.RULES


def problems(catalog: Catalog, *, examples: Sequence[Path] | None = None, progress: Callable[[str], object] = lambda words: None) -> list[DataError]:
    """Everything in the data that breaks a rule, each as one sentence with its file.

    Parameters
    ----------
    catalog
        The workbook's own data, or that with a bank laid over it.
    examples
        Clients on whom the answers are tried out; those of the workbook when None.
    progress
        Called with a few words at each step: trying out every answer takes a while.

    Notes
    -----
    Answers are tried out only when everything else is good: a name that does not resolve cannot be reckoned with.
    """
    progress("Following every link and reading every text")
    found = [problem for rule in RULES.values() for problem in rule(catalog)]
    if found:
        return found
    files = sorted((data_folder() / "examples").glob("*.yaml")) if examples is None else list(examples)
    return list(effects.effect_problems(catalog, files, as_of=newest_date(catalog), progress=progress))


__all__ = ["EFFECTS", "RULES", "facts", "newest_date", "problems"]
