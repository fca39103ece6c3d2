"""Records to bytes: workbooks, printed documents and text. No SQL, no clock; what is shown is handed in."""
