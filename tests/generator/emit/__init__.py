"""Tests of the emission room."""
