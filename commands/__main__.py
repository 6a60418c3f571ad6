"""`python -m shopwire.commands`: the command, for a process that must run with this interpreter."""

from shopwire.commands.cli import main

main()
