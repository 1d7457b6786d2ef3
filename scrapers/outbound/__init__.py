"""What goes out by itself: watches and what they tell, by mail and webhook."""
