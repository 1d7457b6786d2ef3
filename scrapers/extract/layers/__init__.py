"""What each layer of a page declares: JSON-LD, microdata, meta elements, scripts, the outlet's selectors."""
