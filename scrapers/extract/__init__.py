"""A page or a text document as an Article: pure functions, without network, clock or settings.

Imports go one way: the modules here > fields, body > parsed_page > layers > candidate > dom > text > page.
"""
