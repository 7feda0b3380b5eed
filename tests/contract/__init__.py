"""What the generated clients are held against: published packages, recorded surfaces, other tools."""
