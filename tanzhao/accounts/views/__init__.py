"""Pages about accounts: getting in, one's own, everybody's, and the trail."""
