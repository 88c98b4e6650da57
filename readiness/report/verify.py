"""Whether a finished report is whole, belongs to an engagement, and was made from the data and the version at hand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import readiness
from readiness.catalog import Catalog
from readiness.engagement import Opened
from readiness.errors import UsageError
from readiness.report.manifest import NAME, VERSION

LARGEST_MANIFEST_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, whether it is as it should be, and what was found."""

    what: str
    good: bool
    said: str


@dataclass(frozen=True)
class Verified:
    """What a manifest says, held against files, an engagement and this workbook."""

    manifest: Path
    client: str
    as_of: str
    findings: tuple[Finding, ...]

    @property
    def good(self) -> bool:
        return all(f.good for f in self.findings)


def read_manifest(report: Path) -> tuple[Path, dict[str, Any]]:
    """The manifest of a report, which may be named by its folder, by one of its files, or by the manifest itself.

    Raises
    ------
    UsageError
        When there is none, or it is none.
    """
    folder = report if report.is_dir() else report.parent
    file = report if report.name == NAME else folder / NAME
    try:
        if file.stat().st_size > LARGEST_MANIFEST_BYTES:
            raise UsageError("is too large for a manifest", file=file)
        content = json.loads(file.read_bytes())
    except FileNotFoundError:
        raise UsageError(f"has no {NAME}", file=report, hint="name the folder of a report, or one of its files") from None
    except OSError as problem:
        raise UsageError(f"cannot be read: {problem.strerror}", file=file) from None
    except ValueError:
        raise UsageError("is not JSON", file=file) from None
    if not isinstance(content, dict) or content.get("version") != VERSION or not isinstance(content.get("files"), dict):
        raise UsageError("is not a manifest of this workbook", file=file)
    return file, content


def verify(report: Path, *, opened: Opened | None = None, catalog: Catalog | None = None) -> Verified:
    """Hold a report against what it says it was made from.

    Parameters
    ----------
    report
        Its folder, its manifest, or one of its files.
    opened
        The engagement that it should belong to; not looked at when None.
    catalog
        The data at hand; its version is not looked at when None.

    Returns
    -------
    Verified
        One finding for each file, and for engagement, audit log, data and workbook.
    """
    file, content = read_manifest(report)
    findings = [_file(file.parent / name, digest) for name, digest in sorted(content["files"].items()) if _plain(name)]
    if not report.is_dir() and report.name != NAME and report.name not in content["files"]:
        findings.append(Finding(report.name, False, "is not a file of this report"))
    versions: Mapping[str, str] = content.get("versions") or {}
    if opened is not None:
        findings.append(_same("engagement", versions.get("engagement"), opened.content_digest, "belongs to this engagement as it stands",
                              f"was made from another engagement, or from another state of it: {opened.engagement.client.id} here, {content.get('client', 'unknown')} there"))  # fmt: skip
        findings.append(_same("audit log", versions.get("journal"), opened.journal_digest, "is the one at hand", "has changed since"))
    if catalog is not None:
        findings.append(_same("data", versions.get("catalog"), catalog.digest, "is the version at hand", "is another version than the one at hand"))
        findings.append(_same("workbook", versions.get("workbook"), readiness.__version__, "is the version at hand", f"is not {readiness.__version__}"))
    return Verified(file, str(content.get("client", "")), str(content.get("as_of", "")), tuple(findings))


def _plain(name: str) -> bool:
    """A manifest names files beside it, never elsewhere."""
    return Path(name).name == name


def _file(file: Path, digest: str) -> Finding:
    try:
        found = hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return Finding(file.name, False, "is missing")
    return Finding(file.name, found == digest, "is as it was written" if found == digest else "was changed after it was written")


def _same(what: str, there: str | None, here: str, good: str, bad: str) -> Finding:
    if not there:
        return Finding(what, False, "is not named in the manifest")
    same = there == here
    return Finding(what, same, f"{good} ({here[:16]})" if same else f"{bad} ({there[:16]} there, {here[:16]} here)")
