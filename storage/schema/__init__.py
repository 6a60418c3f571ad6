"""Tables, views and the migrations that create them."""
