"""Fits the parameters with which the models score: Python fits, SQL scores."""
