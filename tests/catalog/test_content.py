"""What the two source texts ask for is asked, and the content is what the design says it is."""

from __future__ import annotations

import pytest
from ruamel.yaml import YAML

from readiness.assumptions import NUMBERS
from readiness.catalog import Catalog, data_folder

DIMENSIONS = ["deployment", "scalability", "process_fit", "security", "traceability", "permissioning", "lifecycle",
              "availability", "extreme", "observability", "sourcing", "cost"]  # fmt: skip
CONCERNS: dict[str, str] = dict(YAML(typ="safe").load((data_folder() / "practices" / "concerns.yaml").read_text("utf-8")))


def test_the_twelve_dimensions_stand_in_their_order(catalog: Catalog) -> None:
    assert [d.id for d in catalog.dimensions] == DIMENSIONS


def test_a_workshop_can_bear_the_questions(catalog: Catalog) -> None:
    assert 40 <= len(catalog.practices) <= 56


@pytest.mark.parametrize(("concern", "practice"), CONCERNS.items(), ids=list(CONCERNS))
def test_is_carried(concern: str, practice: str, catalog: Catalog) -> None:
    assert catalog.concerns[concern] == practice
    assert any(answer.moves for answer in catalog.practices[practice].answers)


@pytest.mark.parametrize(
    "concern",
    ["rollback with ease", "GitOps", "containers", "load balancing and scaling both ways", "manual work as workloads fluctuate",
     "integration with existing systems, tailoring and training", "secure APIs", "security at scale", "audit logs", "least privilege",
     "user feedback", "SLA time frames", "what happens when things go wrong", "the extreme situation", "managed services skipped or chosen",
     "need now against need later", "geo-redundancy", "point of departure and old versions", "staff on hand",
     "review at growth, new features, investors"],
)  # fmt: skip
def test_no_concern_was_taken_off_the_list(concern: str) -> None:
    assert concern in CONCERNS


def test_every_number_with_parts_has_one_that_a_practice_scales(catalog: Catalog) -> None:
    scaled = {m.scale for p in catalog.practices.values() for a in p.answers for m in a.moves if m.part}
    assert {n.name for n in NUMBERS.values() if n.parts} <= scaled


def test_the_worst_answer_is_never_the_only_one(catalog: Catalog) -> None:
    for practice in catalog.practices.values():
        levels = {answer.level for answer in practice.answers}
        assert len(levels) >= 3, practice.id
        assert min(levels) == 0, practice.id
