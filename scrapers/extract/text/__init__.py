"""What a line of plain text says, without markup: names, dates, credits, date lines, advertisement labels."""
