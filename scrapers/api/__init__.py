"""What programs ask: feeds, a JSON API, and a server of the Model Context Protocol."""
