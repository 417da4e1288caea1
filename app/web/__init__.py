"""How we speak HTTP: pages, fragments, JSON endpoints, guards and the voice of errors."""
