"""The desk: what is composed of all features and owns no table: home, board, request page, search."""
