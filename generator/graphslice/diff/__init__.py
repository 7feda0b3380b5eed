"""What a change of the description means for the people who use the client: two ApiModels in, ordered changes out."""
