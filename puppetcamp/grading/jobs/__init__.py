"""Gradings as durable jobs: queued, run some at a time, kept for whoever asks again."""
