"""Letters: what is sent by mail, kept until the server has it, tried again while it has not."""
