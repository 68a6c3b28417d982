"""Mutated, generated and hostile mail, through everything that reads strangers' bytes."""
