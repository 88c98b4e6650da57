"""One file per chapter of the report: assessment to exhibits."""
