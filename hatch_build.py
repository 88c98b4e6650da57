"""Puts the parsed data into the wheel, so that the first start reads no YAML."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ParsedData(BuildHookInterface):
    """Adds ``readiness/data/catalog.json`` to wheels; an editable install reads the checkout and needs none."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Check and parse `data/` and hand the result to the build."""
        if self.target_name != "wheel" or version == "editable":
            return
        sys.path.insert(0, self.root)
        try:
            from readiness.catalog.read import write_shipped_cache

            aside = Path(tempfile.mkdtemp()) / "catalog.json"
            write_shipped_cache(Path(self.root) / "data", aside)
        finally:
            sys.path.remove(self.root)
        build_data["force_include"][str(aside)] = "readiness/data/catalog.json"
