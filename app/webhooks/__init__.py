"""What code hosts, deploy targets and coding agents elsewhere tell this installation of, and their clocks."""
