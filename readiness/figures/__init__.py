"""Frames as plotly figures; one file for each, and the theme that they share."""
