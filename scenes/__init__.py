"""The place: meshes, distance fields, walkable surface, routes and seats."""
