"""The use cases. Both faces call these and nothing below them."""
