"""Pages of rounds, teams and authorisations."""
