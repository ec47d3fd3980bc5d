"""Documents: what a plan says in words, tables, charts and maps, for Word, for print and as a workbook."""
