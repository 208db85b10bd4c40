"""Contracts whose text wants to be code, and what judges the code that is made of them."""
