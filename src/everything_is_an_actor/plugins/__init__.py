"""Third-party systems, one module or package each; each needs the extra of the same name."""
