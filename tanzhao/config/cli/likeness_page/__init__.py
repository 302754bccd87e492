"""The report of likeness: one HTML file that opens without a server, a network or a script."""
