"""What a client already has, read into frozen values: bills, incident lists, other question banks.

Every reader takes a path and gives a value with its warnings, or raises one `ImportFileError` that says what to do.
Files are treated as hostile: sizes, nesting and numbers are bounded before anything is built from them, and no text in
them is ever evaluated.
"""
