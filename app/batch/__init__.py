"""The batch engine: a file of jobs, each a request, becomes a data set; safe to kill and to resume at any moment."""
