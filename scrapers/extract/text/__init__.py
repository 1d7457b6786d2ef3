"""What a line of text says, without markup: names, dates, credits, date lines, labels of advertisements."""
