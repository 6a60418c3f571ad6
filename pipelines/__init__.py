"""What happens to a page: pure steps that turn a `Page` into an `Article`, and thin shells round them."""
