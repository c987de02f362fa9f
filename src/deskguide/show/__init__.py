"""Answers, scenarios and policies as pages of text, in four formats. Value in, text out; no streams, no files."""
