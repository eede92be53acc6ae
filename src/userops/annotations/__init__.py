"""Annotations: releases, campaigns, incidents, drawn on every time axis."""
