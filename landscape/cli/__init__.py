"""The command line. Its commands are loaded with `landscape.cli.commands`, once one of them is asked for."""
