"""How analysts see the store: Datasette's metadata, plugin and dashboards."""
