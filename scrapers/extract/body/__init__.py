"""The article's paragraphs and pictures: under the outlet's selector, or by the density of prose."""
