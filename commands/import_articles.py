"""`shopwire import`: takes articles that were extracted elsewhere."""
