"""Steps that bring a site's stored state from one profile version to the next."""
