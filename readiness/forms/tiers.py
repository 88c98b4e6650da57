"""The architecture builder: needs and ways, chosen from the catalog."""

from __future__ import annotations

from typing import Any

import traitlets

from readiness.catalog import Catalog
from readiness.forms.form import Form, script


class Tiers(Form):
    """The parts of a product and its outside dependencies.

    Says ``{"do": "tiers", "tiers": [...]}`` and ``{"do": "dependencies", "dependencies": [...]}``, always the whole list.
    """

    _esm = script("dom.js", "tiers.js")
    needs: Any = traitlets.List().tag(sync=True)
    tiers: Any = traitlets.List().tag(sync=True)
    dependencies: Any = traitlets.List().tag(sync=True)
    message = traitlets.Unicode().tag(sync=True)


def needs_of(catalog: Catalog) -> list[dict[str, Any]]:
    """Every need with the ways to fill it, for a choice; a bundle is offered for each need it fills."""
    every = [way for service in catalog.services.values() for way in service.ways]
    found = []
    for service in catalog.services.values():
        ways = [*service.ways, *(w for w in every if service.need in w.fills and w not in service.ways)]
        found.append({"id": service.need, "title": service.title, "ways": [{"id": w.id, "title": w.title, "copies": w.copies} for w in ways]})
    return found
