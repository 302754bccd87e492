"""The pages of findings, reports and feedback."""
