"""Rows as Excel workbooks."""
