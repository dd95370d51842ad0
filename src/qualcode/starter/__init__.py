"""The files of a new study, as package data: ``qualcode init`` copies them."""
