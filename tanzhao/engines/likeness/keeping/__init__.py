"""Stores of compared documents: adding, looking up, forgetting. Arrow is loaded when asked."""
