"""What a message asks for: small predicates about its words."""
