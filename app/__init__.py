"""The faces of Stride: the request, the command line, and later the studio page, the server and the batch engine."""
