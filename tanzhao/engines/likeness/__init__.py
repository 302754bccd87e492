"""Likeness: which documents share wording, and the passages that show it."""
