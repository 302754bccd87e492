"""Instances of the planner, made from the records of the office, and plans brought back."""
