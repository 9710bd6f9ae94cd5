"""What visitors pass on, and where they find us."""
