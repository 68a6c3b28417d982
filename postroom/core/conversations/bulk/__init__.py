"""One verb for many conversations: what can be done, to which, a stretch at a time, and back."""
