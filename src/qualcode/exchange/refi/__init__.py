"""REFI-QDA 1.0: ``.qdpx`` projects and ``.qdc`` codebooks, which NVivo, ATLAS.ti, MAXQDA and QualCoder exchange."""
