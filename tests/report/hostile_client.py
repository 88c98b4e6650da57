"""A client every one of whose free texts is hostile: what a browser, a spreadsheet and a PDF reader are then given."""

from __future__ import annotations

import json
from pathlib import Path

from ruamel.yaml import YAML

from readiness.engagement.schema import _clean

ROOT = Path(__file__).resolve().parents[2]
PAYLOADS: list[str] = [c["payload"] for c in YAML(typ="safe").load((ROOT / "tests" / "cases" / "hostile_text.yaml").read_text("utf-8"))["cases"]]


def shown(payload: str) -> str:
    """What a reader is to see of a payload: an engagement keeps no hidden signs, and pages break lines where they want."""
    return "".join(_clean(payload).split())


def write_hostile_client(folder: Path) -> Path:
    """An engagement in which names, titles, notes, stories and reasons are hostile."""
    content = YAML(typ="safe").load((ROOT / "data" / "examples" / "northlight.yaml").read_text("utf-8"))
    several = iter(PAYLOADS * 10)

    def short() -> str:
        return next(p for p in several if len(_clean(p)) <= 120)

    content["client"] |= {"name": short(), "industry": short()}
    content["consultant"] = short()
    for journey in content["journeys"]:
        journey["title"] = short()
        journey["promise"] |= {"counts_as_down": next(several), "measured_at": next(several)}
    content["money"]["groups"] = [{"name": name, "title": short(), "share_of_revenue": 0.5} for name in ("large", "small")]
    for dependency in content["architecture"]["dependencies"]:
        dependency["what"] = short()
    content["demand"]["extreme"]["story"] = next(several)
    content["accepted_risks"][0] |= {"title": short(), "why": next(several), "owner": short()}
    for practice, given in content["answers"].items():
        answer = given if isinstance(given, dict) else {"answer": given}
        content["answers"][practice] = answer | ({"note": next(several), "audience": "client"} if "views" not in answer else {})
    content["notes"] = [{"text": p, "audience": "board"} for p in PAYLOADS if _clean(p)]
    file = folder / "hostile.yaml"
    file.write_text(json.dumps(content, default=str, ensure_ascii=False), "utf-8")
    return file
