"""The condition language: one way to say which conversations, for views, search, and all that comes to ask for some."""
