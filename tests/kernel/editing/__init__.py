"""Editing: completion, inspection, is it complete."""
