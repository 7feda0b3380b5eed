"""Descriptions made from an ApiModel, for other tools."""
