"""The article's paragraphs and pictures: under the outlet's selector, or where the page's prose is densest."""
