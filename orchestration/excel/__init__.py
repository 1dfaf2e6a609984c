"""A workbook of what is published, in the layout that retail managers know, in each language."""

from orchestration.excel.export import export_workbooks, workbooks_of

__all__ = ["export_workbooks", "workbooks_of"]
