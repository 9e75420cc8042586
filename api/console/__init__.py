"""
The console's pages, for people; what they ask, they ask of the same stores as the API.

Reading order: viewers (who looks), pages (how a page is made), showing (how values are
told), spans (which days), answers (questions and what becomes of them), then routes.
"""
