"""What the library knows: scenario, policy and profile files, in layers of folders, and their compiled store."""
