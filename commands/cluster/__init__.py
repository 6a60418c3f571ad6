"""`shopwire cluster` and what `--cluster` means elsewhere: several machines, joined by RabbitMQ."""
