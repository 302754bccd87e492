"""Importing a workbook in two steps: read and shown, then taken as it was shown."""
