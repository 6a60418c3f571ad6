"""The daemon: decides when each source is due, crawls it in a process, and assesses its health."""
