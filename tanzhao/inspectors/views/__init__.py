"""The pages of the talent pool."""
