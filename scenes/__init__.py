"""The place: meshes, distance fields, walkable surface, routes and seats."""

#: Of which distribution this is a part; the command line looks whether another one has overwritten it.
DISTRIBUTION = "stride-studio"
