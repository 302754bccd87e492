"""Screening: stores of extracts, rules over them, hits, samples and links.

Light values are in tables.py, store.py, rules.py and hits.py. What loads DuckDB, Spark, SQLGlot,
Polars or Splink is reached through the functions of the folders beside them.
"""
