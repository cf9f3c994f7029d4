"""What ours is compared with: MDM's network trained on the same clips, the nearest recording, standing still."""
