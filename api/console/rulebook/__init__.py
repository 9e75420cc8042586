"""Rules as marketers and approvers see them: lists, lives, forms, trials."""
