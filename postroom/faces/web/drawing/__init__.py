"""How templates become pages: compiled for each language, with what never changes already in them."""
