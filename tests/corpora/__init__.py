"""Public corpora of real mail, and how well we read them."""
