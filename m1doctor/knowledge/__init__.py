"""What is known of versions, pairings, chips and limits: data with sources and dates, and its readers."""
