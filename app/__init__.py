"""The faces of Stride: the request, the command line, and later the studio page, the server and the batch engine."""

#: Of which distribution this is a part; the command line looks whether another one has overwritten it.
DISTRIBUTION = "stride-studio"

#: Of Stride as a whole; pyproject.toml reads it here.
VERSION = "0.1.0"
