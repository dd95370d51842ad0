"""REFI-QDA 1.0 (``.qdpx`` projects, ``.qdc`` codebooks), the exchange format of NVivo, ATLAS.ti, MAXQDA and QualCoder."""
