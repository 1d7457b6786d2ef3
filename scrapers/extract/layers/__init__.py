"""What each layer of a page declares: JSON-LD, microdata, meta elements, inline scripts, the outlet's selectors."""
