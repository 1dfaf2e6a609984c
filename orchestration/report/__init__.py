"""The report: one self-contained HTML page made from the published marts."""

from orchestration.report.page import write_report

__all__ = ["write_report"]
