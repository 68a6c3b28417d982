"""Mail from before Postroom: files, folders and accounts, taken in quietly, and all of it out again."""
