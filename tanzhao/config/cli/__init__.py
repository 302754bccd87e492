"""`tanzhao`: the operators' command line. One module for each command."""
