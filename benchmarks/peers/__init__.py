"""`make bench SIZE=peers`: what we do beside the tools that others would do it with."""
