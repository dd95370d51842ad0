"""The codebooks that come with qualcode, as package data."""
