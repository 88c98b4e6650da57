"""From the executed notebook to what the client keeps: one document, rendered as PDF and as HTML."""
