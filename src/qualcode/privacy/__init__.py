"""The privacy gate: what anonymisation has overlooked in a transcript, where it stands, and what to do about it."""
