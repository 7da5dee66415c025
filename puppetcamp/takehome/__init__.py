"""Take-home bundles: what attendees made, to download after their time."""
