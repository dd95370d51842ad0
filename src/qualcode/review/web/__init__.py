"""The review page: FastAPI, templates and a little plain JavaScript, all from this machine."""
