"""`python -m shopwire.commands`: the command, for a process that must run with this interpreter."""

from shopwire.commands.entry import main

main()
